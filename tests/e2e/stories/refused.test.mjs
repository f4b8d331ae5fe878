// A bad day: something broke, the customer is not satisfied and will not sign. It is handed in all the same.
import assert from 'node:assert/strict'
import { story } from '../lib/story.mjs'
import { dayNumber, orderCells, takePhoto } from './material.mjs'
import * as step from './steps.mjs'
import { readTicket, saveTicket } from './ticket.mjs'

const NO = `${dayNumber()}-0431`
const COMPLAINT = '打碎了鱼缸，态度也不好，我要投诉'
const DAMAGE = '小鱼缸碎了，照价赔偿'

async function repair(device) {
  await step.openPhase(device, 'depart')
  await step.tick(device, 'dressed')
  await step.openPhase(device, 'door')
  await step.tick(device, 'badge-shown', 'introduced', 'verified', 'consent', 'covers-on')
  await device.tap('reach-entered')
  await step.rowIs(device, 'entered')
  await step.tick(device, 'prior-damage')
  await step.openPhase(device, 'work')
  await step.tick(device, 'form-shown')
  await device.tap('none-fees')
  await step.tick(device, 'mat-laid')
  await device.typeInto('text-fault', '皮线在门框处折断，重新熔接')
  await device.tap('save-fault')
  await step.rowIs(device, 'fault')
  await device.tap('none-devices')
  await device.tap('none-materials')
  await step.rowIs(device, 'materials')
}

async function testAndBreak(device, photos) {
  await step.openPhase(device, 'test')
  await step.keyIn(device, '20.1')
  await device.tap('key-next')
  await step.photograph(device, 'optical', photos.optical)
  await step.keyIn(device, '291')
  await device.tap('key-next')
  await step.photograph(device, 'speed', photos.speed)
  await step.tick(device, 'demo')
  await step.openPhase(device, 'cleanup')
  await step.tick(device, 'tools-packed', 'cleaned')
  await device.tap('fact-damage-yes')
  await step.photograph(device, 'damage-photo', photos.damage)
  await device.typeInto('text-damage-record', DAMAGE)
  await device.tap('save-damage-record')
  await step.rowIs(device, 'damage-record')
  await step.openPhase(device, 'teach')
  await step.tick(device, 'taught', 'hotline-told')
}

/** 拒签 needs a reason and a number to call back. */
async function refuseToSign(device) {
  await device.tap('sign-refuse')
  await device.see('还差原因')
  await device.tap('unsigned-reason-disagrees')
  await device.see('还差回访电话')
  await device.typeInto('unsigned-callback', '13700002468')
  await device.tap('unsigned-confirm')
  await step.has(device, '[data-testid="handback-page"]')
  // a wrong PIN leads nowhere
  for (const digit of '1111') await device.tap(`pin-${digit}`)
  await device.tap('pin-ok')
  await device.see('密码不对')
  await step.takeBack(device)
}

/** No words and no answer of the customer can be read or touched anywhere in the visit. */
async function assertSealed(device) {
  await step.openPhase(device, 'sign')
  await step.rowIs(device, 'feedback')
  await device.dontSee(COMPLAINT, '不满意', '不得体')
  await device.tap('detail-feedback')
  await device.see('出处 S07-29、S03-18')
  await device.dontSee(COMPLAINT, '不满意')
  const offers = (query) => document.querySelector(query) !== null
  for (const id of ['clear-feedback', 'late-feedback', 'prove-feedback'])
    assert.equal(await device.session.look(offers, `[data-testid="${id}"]`), false, id)
  await device.tap('sheet-close')
  await step.gone(device, 'sheet')
}

story(
  '拒签 after damage: the words of the customer are sealed, the visit is handed in',
  async (device) => {
    const photos = {
      optical: takePhoto(device.folder, '仪表', 1, { seed: 51 }),
      speed: takePhoto(device.folder, '测速', 3, { seed: 52 }),
      damage: takePhoto(device.folder, '损坏', 6, { width: 1200, height: 1600, seed: 53 }),
    }
    await step.register(device)
    const facts = { customer: '沈女士', job: '修障', service: '宽带修障', phone: '13700002468' }
    await step.importOrders(device, [orderCells({ no: NO, ...facts })])
    await step.goToDoor(device)
    await repair(device)
    await testAndBreak(device, photos)
    await step.openPhase(device, 'sign')
    await step.nextDoes(device, 'handover')
    await device.see('损坏已登记，照价赔偿')
    await step.giveFeedback(device, 'bad', COMPLAINT)
    await refuseToSign(device)
    await assertSealed(device)
    await step.technicianSigns(device)
    await step.nextDoes(device, 'missing')
    await step.submit(device)

    const ticket = readTicket(device, await saveTicket(device, 'refused'))
    step.says(ticket.text, NO, '拒签', DAMAGE, '封存')
    step.says(ticket.company, '客户不认可')
    step.keepsSilent(ticket.customer, '客户不认可')
    step.keepsSilent(ticket.text, COMPLAINT, '不满意', '不得体')
    assert.equal(ticket.photos.length, 3)
    await device.dontSee(COMPLAINT)
  },
)
