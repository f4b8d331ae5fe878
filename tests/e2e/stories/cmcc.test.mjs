// The main job: a whole 中国移动 visit, offline, from an empty tablet to a signed ticket, with a crash in the middle.
import assert from 'node:assert/strict'
import { story } from '../lib/story.mjs'
import { dayNumber, orderCells, takePhoto } from './material.mjs'
import * as step from './steps.mjs'
import { cornerColour, readTicket, saveTicket } from './ticket.mjs'

const ADDRESS = '𠮷祥里 8 幢 䶮泽苑 㛃 1203 室'
const NO = `${dayNumber()}-0412`

async function walkIn(device) {
  await step.goToDoor(device)
  await step.openPhase(device, 'depart')
  await step.tick(device, 'dressed')
  await step.openPhase(device, 'door')
  await step.tick(device, 'badge-shown', 'introduced', 'verified', 'consent', 'covers-on')
  await device.tap('reach-entered')
  await step.rowIs(device, 'entered')
  await step.tick(device, 'prior-damage')
  await step.nextDoes(device, 'go')
}

async function work(device, photos) {
  await step.tick(device, 'form-shown')
  await device.tap('fact-moved-yes')
  await step.addFee(device, { name: '室内布线', price: '60', quantity: '1.5' })
  await step.tick(device, 'mat-laid', 'moved-consent')
  await step.photograph(device, 'cabling', photos.cabling)
  await step.rowIs(device, 'cabling')
  await step.addDevice(device, { name: '光猫 HG8145X6', sn: 'ZTEGC8A1B2C3', mac: '00e0fc12abcd' })
  await step.rowIs(device, 'devices', 'partial')
  await step.photograph(device, 'devices-0', photos.label)
  await step.rowIs(device, 'devices')
  await step.addMaterial(device, { name: '皮线', quantity: '28', unit: 'm' })
  await step.rowIs(device, 'materials')
}

async function measure(device, photos) {
  await device.tap('slot-optical-before')
  await step.keyIn(device, '24.60')
  await device.tap('slot-optical-after')
  await step.keyIn(device, '18.35')
  await step.photograph(device, 'optical', photos.optical)
  await device.tap('key-next')
  await step.rowIs(device, 'optical')
}

async function pullThePlug(device) {
  await device.kill()
  await device.start()
  await device.see(ADDRESS)
  await step.orderStep(device, 'continue')
  // the same step, and what was typed there
  await device.see('测试演示', '−18.35', '−24.6')
  await step.rowIs(device, 'optical')
  await step.openPhase(device, 'work')
  for (const item of ['form-shown', 'fees', 'cabling', 'devices', 'materials'])
    await step.rowIs(device, item)
  await device.see('ZTEGC8A1B2C3', '90.00 元')
  await step.openPhase(device, 'test')
}

async function finishInside(device, photos) {
  await step.photograph(device, 'speed', photos.speed)
  await device.tap('reading-speed')
  await step.keyIn(device, '287.5')
  await device.tap('key-next')
  await step.rowIs(device, 'speed')
  await step.tick(device, 'demo')
  await step.nextDoes(device, 'go')
  await step.tick(device, 'moved-back', 'tools-packed', 'cleaned')
  await device.tap('fact-damage-no')
  await step.nextDoes(device, 'go')
  await device.tap('tick-phase')
  await step.rowIs(device, 'taught')
  await step.rowIs(device, 'hotline-told')
  await step.nextDoes(device, 'go')
}

async function handOver(device) {
  await step.nextDoes(device, 'handover')
  await device.see('䶮女士，您好', '90.00 元', '光猫 HG8145X6', '师傅 周建国')
  await step.giveFeedback(device, 'good', '师傅很细心')
  await step.customerSigns(device)
}

/** Upright means: red at the left top, blue at the right top. */
function assertUpright({ file }) {
  assert.equal(cornerColour(file, 0.1, 0.1), 'red', `${file}: left top`)
  assert.equal(cornerColour(file, 0.9, 0.1), 'blue', `${file}: right top`)
}

function checkTicket(device, path) {
  const ticket = readTicket(device, path)
  step.says(
    ticket.text,
    '服务质量记录表',
    '用户联',
    '公司联',
    NO,
    ADDRESS,
    '䶮女士',
    '周建国',
    '3107',
  )
  step.says(ticket.text, '18.35', '24.60', '287.5', 'ZTEGC8A1B2C3', '00:E0:FC:12:AB:CD')
  step.says(ticket.text, '室内布线', '90.00', '皮线', '28')
  step.says(ticket.customer, '用户联')
  step.keepsSilent(ticket.customer, 'S37-22', '公司联')
  step.says(ticket.company, '公司联', 'S37-22')
  assert.ok(Math.min(...ticket.pages) > 1, `both copies have pages: ${ticket.pages}`)
  const tall = ticket.photos.filter(({ width, height }) => height > width)
  assert.equal(ticket.photos.length, 4, 'each photo stands in the file once')
  assert.equal(tall.length, 2, 'two were taken with the phone held upright')
  ticket.photos.forEach(assertUpright)
}

story('a whole 中国移动 visit, offline, with a crash in the middle', async (device) => {
  const photos = {
    cabling: takePhoto(device.folder, '布线', 6, { width: 1200, height: 1600, seed: 11 }),
    label: takePhoto(device.folder, '标签', 3, { seed: 12 }),
    optical: takePhoto(device.folder, '仪表', 8, { width: 1200, height: 1600, seed: 13 }),
    speed: takePhoto(device.folder, '测速', 1, { seed: 14 }),
  }
  await step.register(device)
  await step.importOrders(device, [
    orderCells({ no: NO, customer: '䶮女士', address: ADDRESS, supplies: '光猫 1 台、皮线 30 m' }),
  ])
  await device.see(ADDRESS, '138****1234')
  await walkIn(device)
  await work(device, photos)
  await step.nextDoes(device, 'go')
  await measure(device, photos)
  await pullThePlug(device)
  await finishInside(device, photos)
  await handOver(device)
  await step.technicianSigns(device)
  await step.nextDoes(device, 'missing')
  await step.submit(device)
  await device.see('第 1 次提交')
  checkTicket(device, await saveTicket(device, 'cmcc'))
  await device.tap('delivery-copied')
  await device.tap('visit-back')
  await device.see('完工 1')
})
