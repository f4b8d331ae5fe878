// Customers whom a form does not foresee, through the company's server: what the lead then reads, and in which order.
import assert from 'node:assert/strict'
import { until } from '../lib/driver.mjs'
import { story } from '../lib/story.mjs'
import { Album } from './album.mjs'
import { takePhoto } from './material.mjs'
import { ask, atTheDesk, atWork, handedIn, queueOf, readsOnDesk } from './office.mjs'
import * as step from './steps.mjs'

const SON = '13900005678'
const WRONG = 'ZTEGC8A1B2C3'
const RIGHT = 'ZTEGC8A1B2C8'

/** Back on Today, with everything at the server. */
async function backWithAllSent(device) {
  await device.tap('visit-back')
  await step.has(device, '[data-testid="today-search"]')
  await handedIn(device)
}

/** She cannot write, and her son listens on the phone: the call is logged beside the visit. */
async function callTheSon(device) {
  await device.tap('visit-back')
  await step.has(device, '[data-testid="today-search"]')
  await device.tap('call-customer')
  await step.has(device, '[data-testid="phone-number"]')
  await device.see(SON)
  await device.tap('call-purpose-other')
  await device.tap('call-result-answered')
  await device.typeInto('call-note', '儿子在电话里听了一遍，同意')
  await device.tap('call-log')
  await step.gone(device, 'sheet')
  await step.orderStep(device, 'continue')
  await step.openPhase(device, 'sign')
}

/** 按手印, with a picture of it, why, and whom to call back. */
async function leaveFingerprint(device, album, photo) {
  await device.tap('relation-customer')
  await device.tap('sign-cannot')
  await device.tap('unsigned-mark')
  await step.photograph(device, 'mark', photo)
  await device.tap('unsigned-reason-cannot-write')
  await device.see('还差回访电话')
  await device.typeInto('unsigned-callback', SON)
  await album.both('mark')
  await device.tap('unsigned-confirm')
  await step.gone(device, 'sheet')
  await album.both('marked')
  await device.tap('sign-confirm')
  await step.has(device, '[data-testid="handback-page"]')
  await step.takeBack(device)
}

story(
  'grandmother: a fingerprint, her son on the phone, and the lead knows whom to call back',
  { screen: 'turning' },
  async (device) => {
    const album = new Album(device, 'zh-grandmother')
    const photo = takePhoto(device.folder, '仪表', 6, { width: 1200, height: 1600, seed: 91 })
    const finger = takePhoto(device.folder, '手印', 1, { seed: 92 })
    const alternate = { alternate: `陈志明（儿子）${SON}` }
    await atWork(device, [['0471', '陈奶奶', alternate]], async (hub) => {
      await step.goToDoor(device)
      await step.enter(device)
      await step.work(device, photo)
      await callTheSon(device)
      await step.nextDoes(device, 'handover')
      await step.giveFeedback(device)
      await leaveFingerprint(device, album, finger)
      await step.handIn(device)
      await backWithAllSent(device)

      await atTheDesk(hub, async (lead) => {
        const desk = new Album(lead, 'zh-grandmother-desk')
        await readsOnDesk(lead, '0471')
        const [row] = await queueOf(lead)
        assert.ok(row.includes('待审 · 按手印'), row)
        const flags = await step.wordsOf(lead, 'desk-flags')
        for (const words of ['按手印或画押', '不会写字、手不方便', `请回访 ${SON}`])
          assert.ok(flags.includes(words), `${words}:\n${flags}`)
        const timeline = await step.wordsOf(lead, 'desk-timeline')
        for (const words of ['儿子在电话里听了一遍', '陈奶奶 按手印'])
          assert.ok(timeline.includes(words), `${words}:\n${timeline}`)
        await lead.see('手印或画押')
        await desk.take('flags')
        desk.done()
      })
    })
    album.done()
  },
)

/** The battery is empty inside: what was done goes on paper, and is entered when there is power. */
async function batteryDies(device, album) {
  await step.openPhase(device, 'work')
  await step.tick(device, 'form-shown')
  await device.kill()
  await device.start()
  // two orders have the same time: which one stands opened is not said
  await device.tap('何女士')
  await step.orderStep(device, 'continue')
  await step.openPhase(device, 'work')
  await step.rowIs(device, 'form-shown')
  await step.openLate(device, 'mat-laid')
  await album.both('late')
  await step.claim(device, { steps: 1, reason: 'battery' })
  await step.rowIs(device, 'mat-laid')
}

/** The desk in the sun with large letters, small and at its own size. */
async function inTheSun(lead, desk) {
  await lead.tap('desk-settings')
  await lead.tap('theme-outdoor')
  await lead.tap('scale-150')
  await lead.tap('back-today')
  await lead.tap('open-desk')
  await readsOnDesk(lead, '0482')
  await desk.take('outdoor-150-small')
  await lead.resize(1440, 900)
  await desk.take('outdoor-150')
}

/** 我不想签: why, and a number; then the technician has the tablet again. */
async function refuse(device, callback) {
  await device.tap('sign-refuse')
  await device.tap('unsigned-reason-disagrees')
  await device.typeInto('unsigned-callback', callback)
  await device.tap('unsigned-confirm')
  await step.has(device, '[data-testid="handback-page"]')
  await step.takeBack(device)
}

story(
  'an empty battery, then a broken vase: the lead reads who complains first, whatever came first',
  { screen: 'turning', timeout: 600_000 },
  async (device) => {
    const album = new Album(device, 'zh-vase')
    const photo = takePhoto(device.folder, '仪表', 6, { width: 1200, height: 1600, seed: 93 })
    const vase = takePhoto(device.folder, '花瓶', 1, { seed: 94 })
    const orders = [
      ['0481', '何女士'],
      ['0482', '沈女士', { phone: '13700002468', address: '梅园里 31 号' }],
    ]
    await atWork(device, orders, async (hub) => {
      await hub.stop()
      await device.tap('何女士')
      await step.goToDoor(device)
      await step.enter(device)
      await batteryDies(device, album)
      await step.repair(device, photo, { begun: true })
      await device.tap('visit-back')
      await device.tap('沈女士')
      // shoe covers and bag were used up by the visit before
      await step.goToDoor(device, 1)
      await step.enter(device)
      const damage = { photo: vase, words: '花瓶碎了，照价赔偿' }
      await step.work(device, photo, { damage })
      await step.openPhase(device, 'sign')
      await step.nextDoes(device, 'handover')
      await step.giveFeedback(device, 'bad', '花瓶是传家的')
      await refuse(device, '13700002468')
      await step.handIn(device)
      await device.tap('visit-back')
      await device.tap('sync-chip')
      await step.has(device, '[data-testid="sync-queue"]')
      await album.both('waiting')
      await hub.start()
      await device.tap('sync-go')
      await step.has(device, '[data-testid="sync-facts"]')
      await device.tap('sheet-close')

      await atTheDesk(hub, async (lead) => {
        const desk = new Album(lead, 'zh-vase-desk')
        await lead.see('何女士', '沈女士')
        const [first, second] = await queueOf(lead)
        assert.ok(first.startsWith('投诉') && first.includes('沈女士'), first)
        assert.ok(second.includes('何女士'), second)
        await step.has(lead, '[data-testid="desk-0482"][aria-selected="true"]')
        await step.has(lead, '[data-testid="desk-flags"]')
        const flags = await step.wordsOf(lead, 'desk-flags')
        for (const words of ['客户评价：', '不满意', '拒签', '客户不认可', '请回访 13700002468'])
          assert.ok(flags.includes(words), `${words}:\n${flags}`)
        await desk.take('first')
        await readsOnDesk(lead, '0481')
        const late = await step.wordsOf(lead, 'desk-flags')
        assert.ok(late.includes('补录') && late.includes('平板没电'), late)
        await desk.take('late')
        await lead.resize(1280, 800)
        await desk.take('late-small')
        await inTheSun(lead, desk)
        desk.done()
      })
    })
    album.done()
  },
)

/** The lead sends the device's row back; which one it is stands in words on the sheet. */
async function returnDevice(lead, album) {
  await readsOnDesk(lead, '0491')
  await lead.tap('desk-return')
  await lead.tap('光猫 HG8145X6', { within: 'desk-rows' })
  await lead.tap('序列号和标签对不上', { within: 'desk-rows' })
  await album.take('return')
  await lead.tap('desk-give')
  await step.has(lead, '[data-testid="desk-done"]')
  await handedIn(lead)
}

/** The right number is typed: what the customer signed is another thing now. */
async function correctDevice(device, album) {
  await ask(device)
  await device.see('退回补资料')
  await device.tap('review-reason-1')
  await device.see('序列号和标签对不上')
  await album.both('sent-back')
  await device.tap('edit-devices-0')
  await device.typeInto('row-sn', RIGHT)
  await device.tap('row-save')
  await step.gone(device, 'sheet')
  await device.see('请客户看过再签一次')
  await album.both('corrected')
}

story(
  'a wrong serial number: the technician mends it, and the customer is asked to sign again',
  { screen: 'turning', timeout: 600_000 },
  async (device) => {
    const album = new Album(device, 'zh-serial')
    const photo = takePhoto(device.folder, '仪表', 6, { width: 1200, height: 1600, seed: 95 })
    await atWork(device, [['0491', '郑女士']], async (hub) => {
      await step.goToDoor(device)
      await step.enter(device)
      const devices = { name: '光猫 HG8145X6', sn: WRONG }
      await step.repair(device, photo, { devices })
      await backWithAllSent(device)
      await atTheDesk(hub, async (lead) => {
        const desk = new Album(lead, 'zh-serial-desk')
        await returnDevice(lead, desk)
        await correctDevice(device, album)
        // the technician alone cannot hand it in
        await step.openPhase(device, 'sign')
        await step.nextDoes(device, 'missing')
        await album.both('missing')
        await step.has(device, '[data-testid="need-1"][data-how="customer"]')
        await device.tap('missing-first')
        await device.see(RIGHT)
        await step.customerSigns(device)
        await step.openPhase(device, 'sign')
        await step.handIn(device)
        await backWithAllSent(device)
        await ask(lead)
        await lead.see('第 2 次')
        await until('the difference is told', async () => {
          const told = await step.wordsOf(lead, 'desk-changes')
          return told.includes(WRONG) && told.includes(RIGHT)
        })
        await desk.take('again')
        await lead.tap('desk-approve')
        await step.has(lead, '[data-testid="desk-done"]')
        await handedIn(lead)
        desk.done()
      })
    })
    album.done()
  },
)
