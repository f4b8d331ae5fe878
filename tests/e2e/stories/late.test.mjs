// 补录: the battery was empty at the door, the visit was written on paper. What is entered later shows both times:
// the stated one, and when it was really typed.
import assert from 'node:assert/strict'
import { story } from '../lib/story.mjs'
import { Album } from './album.mjs'
import { dayNumber, localTime, orderCells, takePhoto } from './material.mjs'
import * as step from './steps.mjs'
import { readTicket, saveTicket } from './ticket.mjs'

const NO = `${dayNumber()}-0437`

/** The way to the door as it stands on the paper, and the paper itself. */
async function wayFromPaper(device, album, paper) {
  await album.both('door')
  await device.tap('late-downstairs')
  await device.see('补录：到楼下', '真实的录入时间也会记下')
  // without a reason nothing can be entered
  await step.has(device, '[data-testid="late-confirm"]:disabled')
  await step.photograph(device, 'paper', paper)
  await album.both('paper')
  // it is looked at above the sheet, and the sheet is as it was
  await step.lookAtPhoto(device, 'paper')
  await device.tap('photo-close')
  await step.gone(device, 'photo-preview')
  await step.claim(device, { steps: 7, reason: 'paper' })
  await device.tap('late-at_door')
  const door = await step.claim(device, { steps: 6, reason: 'paper' })
  await device.see(`到门口 ${door}`)
  await step.tickPhase(device)
  await device.tap('late-entered')
  const entered = await step.claim(device, { steps: 5, reason: 'paper' })
  await step.rowIs(device, 'entered')
  await device.see(entered)
  return { door, entered }
}

/** One step was forgotten; a reading is claimed first and typed after. */
async function forgotten(device, album, photo) {
  await step.openPhase(device, 'work')
  await step.openLate(device, 'form-shown')
  const shown = await step.claim(device, { steps: 4, reason: 'forgot' })
  await step.rowIs(device, 'form-shown')
  await device.see(`补录 ${shown}`)
  await device.tap('none-fees')
  await step.tickPhase(device)
  await device.typeInto('text-fault', '水晶头氧化，重做两端')
  await device.tap('save-fault')
  await step.rowIs(device, 'fault')
  await device.tap('none-devices')
  await device.tap('none-materials')
  await step.rowIs(device, 'materials')
  await step.openPhase(device, 'test')
  await step.openLate(device, 'optical')
  const measured = await step.claim(device, { steps: 3, reason: 'battery' })
  // the stated time waits for the figure
  await device.see(`补录 ${measured}：光功率`)
  await album.both('reading')
  await step.keyIn(device, '20.1')
  await device.tap('key-next')
  await step.photograph(device, 'optical', photo)
  await step.keyIn(device, '288.5')
  await device.tap('key-next')
  await step.photograph(device, 'speed', photo)
  await step.rowIs(device, 'speed')
  return { shown, measured }
}

async function endIt(device) {
  await step.tick(device, 'demo')
  await step.openPhase(device, 'cleanup')
  await step.tickPhase(device)
  await device.tap('fact-damage-no')
  await step.openPhase(device, 'teach')
  await step.tickPhase(device)
  await step.openPhase(device, 'depart')
  await step.tickPhase(device)
  await step.openPhase(device, 'sign')
  await step.nextDoes(device, 'handover')
  await step.giveFeedback(device)
  await step.customerSigns(device)
  await step.technicianSigns(device)
  await step.nextDoes(device, 'missing')
  await step.submit(device)
}

/** A line of the company's copy has the stated time, and near it the real one with the reason. */
function showsBoth(text, { stated, reason, since }) {
  const flat = text.replace(/\s+/g, ' ')
  assert.ok(flat.includes(stated), `the stated time ${stated}:\n${text}`)
  const notes = [...flat.matchAll(/补录：(\d{4}-\d{2}-\d{2} \d{2}:\d{2}) · (\S+)/g)]
  const real = notes.filter(([, at, why]) => why === reason && at >= since && at <= localTime(0))
  assert.ok(real.length > 0, `补录 after ${since}, ${reason}:\n${text}`)
}

story(
  '补录: a visit from paper, a forgotten step, a reading typed later',
  { screen: 'turning' },
  async (device) => {
    const album = new Album(device, 'zh-late')
    const paper = takePhoto(device.folder, '纸单', 6, { width: 1200, height: 1600, seed: 81 })
    const photo = takePhoto(device.folder, '仪表', 1, { seed: 82 })
    const since = localTime(0)
    await step.register(device)
    // promised twenty minutes ago: the paper says that the technician stood at the door ten minutes before that
    const facts = { customer: '钱女士', job: '修障', service: '宽带修障', start: localTime(-20) }
    await step.importOrders(device, [orderCells({ no: NO, ...facts })])
    await step.agreeTime(device)
    await step.checkKits(device, 2)
    await step.depart(device)
    const way = await wayFromPaper(device, album, paper)
    const work = await forgotten(device, album, photo)
    await endIt(device)

    const ticket = readTicket(device, await saveTicket(device, 'late'))
    showsBoth(ticket.company, { stated: way.entered, reason: '先记在纸上', since })
    showsBoth(ticket.company, { stated: work.shown, reason: '当时忘了点', since })
    showsBoth(ticket.company, { stated: work.measured, reason: '平板没电', since })
    step.says(ticket.text, way.door, '纸质单据')
    assert.equal(ticket.photos.length, 3)
    album.done()
  },
)
