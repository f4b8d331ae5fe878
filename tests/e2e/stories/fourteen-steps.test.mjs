// 十四步: the customer signs before the cleanup; what was signed stays as it is, the later steps stay open.
import assert from 'node:assert/strict'
import { until } from '../lib/driver.mjs'
import { story } from '../lib/story.mjs'
import { dayNumber, orderCells, takePhoto } from './material.mjs'
import * as step from './steps.mjs'
import { readTicket, saveTicket } from './ticket.mjs'

const NO = `${dayNumber()}-0405`

async function workAndTest(device, photos) {
  await step.tick(device, 'mat-laid')
  await device.tap('none-fees')
  await step.rowIs(device, 'fees')
  await device.tap('fact-moved-yes')
  await step.tick(device, 'moved-consent', 'work-done')
  await step.photograph(device, 'cabling', photos.cabling)
  // no concealed duct in this house: said with a reason
  await step.notApplicable(device, 'concealed', 'no-duct')
  await device.tap('none-devices')
  await step.addMaterial(device, { name: '皮线', quantity: '45', unit: 'm' })
  await step.nextDoes(device, 'go')
  await device.tap('fact-phone-yes')
  await step.tick(device, 'phone-test')
  await device.tap('fact-no_broadband-no')
  await step.keyIn(device, '19.2')
  await device.tap('key-next')
  await step.photograph(device, 'optical', photos.optical)
  await step.keyIn(device, '496')
  await device.tap('key-next')
  await step.photograph(device, 'speed', photos.speed)
  await step.tick(device, 'tried', 'taught')
  await device.tap('fact-damage-no')
  await step.nextDoes(device, 'go')
}

/** What stood on the customer's screen cannot be changed; what was not shown there can. */
async function assertFrozen(device) {
  await step.openPhase(device, 'work')
  await device.see('客户已签，不能改', '请客户重新签')
  const offered = (names) =>
    names.filter((name) => {
      const node = document.querySelector(`[data-testid="${name}"]`)
      return node !== null && !node.disabled
    })
  const signed = ['tick-work-done', 'photo-cabling', 'none-fees', 'none-devices', 'none-materials']
  const lists = ['add-fees', 'add-devices', 'add-materials']
  assert.deepEqual(await device.session.look(offered, [...signed, ...lists]), [])
  assert.deepEqual(await device.session.look(offered, ['tick-mat-laid']), ['tick-mat-laid'])
}

async function afterTheSignature(device) {
  await step.openPhase(device, 'cleanup')
  await step.tick(device, 'moved-back', 'tools-packed', 'cleaned')
  await step.nextDoes(device, 'go')
  await step.tick(device, 'papers-left')
  await step.notApplicable(device, 'offered', 'not-wanted')
  await step.nextDoes(device, 'go')
  await step.tick(device, 'goodbye-said')
  await step.nextDoes(device, 'go')
}

story('十四步: cleanup after the customer has signed, the technician last', async (device) => {
  const photos = {
    cabling: takePhoto(device.folder, '布线', 6, { width: 1200, height: 1600, seed: 21 }),
    optical: takePhoto(device.folder, '仪表', 1, { seed: 22 }),
    speed: takePhoto(device.folder, '测速', 3, { seed: 23 }),
  }
  await step.register(device)
  const facts = {
    customer: '周先生',
    job: '移机',
    standard: '电信十四步',
    service: '宽带移机 500M',
  }
  await step.importOrders(device, [orderCells({ no: NO, mbps: '500', ...facts })])
  await step.goToDoor(device)
  await step.openPhase(device, 'depart')
  await step.tick(device, 'dressed')
  await step.openPhase(device, 'door')
  await device.tap('tick-phase')
  for (const item of ['introduced', 'id-shown', 'verified', 'consent', 'covers-on'])
    await step.rowIs(device, item)
  await device.tap('reach-entered')
  await workAndTest(device, photos)
  // cleanup still open: the customer can sign all the same
  await step.nextDoes(device, 'handover')
  await step.giveFeedback(device)
  await step.customerSigns(device, 'family', '周太太')
  await assertFrozen(device)
  await afterTheSignature(device)
  await step.technicianSigns(device)
  await step.nextDoes(device, 'missing')
  await step.submit(device)
  const ticket = readTicket(device, await saveTicket(device, 'fourteen-steps'))
  step.says(ticket.text, '施工单', NO, '周先生', '周太太', '家属', '没有暗管', '本次未收费')
  assert.equal(ticket.photos.length, 3)
  await until('the visit is done', async () => (await device.words()).includes('完工'))
})
