// What happens at the margins of a visit: a customer who called directly, a wrong tap taken back, a bad photo taken
// again, more photos than one page of the ticket holds.
import assert from 'node:assert/strict'
import { until } from '../lib/driver.mjs'
import { story } from '../lib/story.mjs'
import { Album } from './album.mjs'
import { takePhoto } from './material.mjs'
import * as step from './steps.mjs'
import { readTicket, saveTicket } from './ticket.mjs'

const ADDRESS = '河坊街 36 号 2 楼'

/** The customer called the technician: the order is made on the tablet. */
async function makeOrder(device, album) {
  await device.tap('empty-new-order')
  await device.typeInto('new-customer', '何先生')
  await device.typeInto('new-phone', '13600001357')
  await device.typeInto('new-address', ADDRESS)
  // only with everything filled in it can be kept
  await step.has(device, '[data-testid="new-save"]:disabled')
  await device.tap('new-job-install')
  await device.typeInto('new-service', '宽带新装 300M')
  await device.tap('new-standard-cmcc-broadband')
  await device.typeInto('new-note', '昨天在小区门口说好的')
  await album.both('new-order')
  await device.tap('new-save')
  await device.see('何先生', ADDRESS, '临时工单', '136****1357')
  await album.both('today')
}

async function walkIn(device) {
  await step.goToDoor(device)
  await step.openPhase(device, 'depart')
  await step.tickPhase(device)
  await step.openPhase(device, 'door')
  await step.tickPhase(device)
  // nothing is left to do here: entering leads on to the work
  await device.tap('reach-entered')
  await step.has(device, '[data-testid="phase-work"][aria-current="step"]')
}

/** 撤销 takes back the newest tap, and only that. */
async function takeBackTaps(device, album) {
  await step.openPhase(device, 'work')
  await step.tick(device, 'form-shown')
  await device.tap('fact-moved-yes')
  await step.rowIs(device, 'moved-consent', 'open')
  await album.both('undo')
  await device.tap('undo')
  await step.gone(device, 'item-moved-consent')
  await step.has(device, '[data-testid="fact-moved-yes"][aria-pressed="false"]')
  await step.rowIs(device, 'form-shown')
  await step.gone(device, 'undo')
  await device.tap('fact-moved-no')
  await device.tap('none-fees')
  await step.rowIs(device, 'fees')
  await device.tap('undo')
  await step.rowIs(device, 'fees', 'open')
  await device.tap('none-fees')
  await step.tick(device, 'mat-laid')
}

/** A blurred photo is looked at in full, removed, and two better ones taken in its place. */
async function takeAgain(device, album, photos) {
  await step.photograph(device, 'cabling', photos.blurred)
  await step.rowIs(device, 'cabling')
  await step.lookAtPhoto(device, 'cabling')
  await until('the photo is shown', () =>
    device.session.look(
      () => document.querySelector('[data-testid="photo-preview"] img')?.naturalWidth > 0,
    ),
  )
  await album.both('photo')
  await step.removePhoto(device, 'cabling')
  await step.rowIs(device, 'cabling', 'open')
  await device.upload('photo-cabling', ...photos.cabling)
  await step.photosAre(device, 'cabling', 2)
  await step.rowIs(device, 'cabling')
}

async function work(device, album, photos) {
  await step.openPhase(device, 'door')
  await step.photograph(device, 'prior-damage', photos.door)
  await step.openPhase(device, 'work')
  await takeAgain(device, album, photos)
  await step.addDevice(device, { name: '光猫 HG8145X6', sn: 'ZTEGC8A1B2C3' })
  await step.photograph(device, 'devices-0', photos.label)
  await device.tap('none-materials')
  await step.rowIs(device, 'materials')
  await step.openPhase(device, 'test')
  await step.keyIn(device, '18.35')
  await device.tap('key-next')
  await step.photograph(device, 'optical', photos.optical)
  await step.keyIn(device, '291')
  await device.tap('key-next')
  await step.photograph(device, 'speed', photos.speed)
  await step.tick(device, 'demo')
  await step.openPhase(device, 'cleanup')
  await step.tickPhase(device)
  await device.tap('fact-damage-no')
  await step.openPhase(device, 'teach')
  await step.tickPhase(device)
}

async function endIt(device, album) {
  await step.openPhase(device, 'sign')
  await step.nextDoes(device, 'handover')
  await step.giveFeedback(device)
  await step.customerSigns(device)
  await step.technicianSigns(device)
  await step.nextDoes(device, 'missing')
  await device.see('照片 6 张')
  await step.submit(device)
  await step.pageIsPainted(device)
  await album.both('ticket')
}

story(
  '临时工单: taps taken back, a photo taken again, six photos on the ticket',
  { screen: 'turning' },
  async (device) => {
    const album = new Album(device, 'zh-margins')
    const take = (name, seed, more) => takePhoto(device.folder, name, 1, { seed, ...more })
    const photos = {
      door: take('门框', 71),
      blurred: take('糊了', 72, { width: 1200, height: 1600 }),
      cabling: [take('走线', 73), take('走线二', 74)],
      label: take('标签', 75),
      optical: take('仪表', 76),
      speed: take('测速', 77),
    }
    await step.register(device)
    await makeOrder(device, album)
    await walkIn(device)
    await takeBackTaps(device, album)
    await work(device, album, photos)
    await endIt(device, album)

    const ticket = readTicket(device, await saveTicket(device, 'six-photos'))
    step.says(ticket.text, '何先生', ADDRESS, '宽带新装 300M', '原有损伤')
    assert.match(ticket.text, /L\d{8}-\d{6}/, 'a number of its own, until dispatch gives one')
    assert.equal(ticket.photos.length, 6)
    const tall = ticket.photos.filter(({ width, height }) => height > width)
    assert.deepEqual(tall, [], 'the blurred photo was upright: it is not on the ticket')
    album.done()
  },
)
