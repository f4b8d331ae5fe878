// The office: a code makes the tablet one of the company's; a whole visit while the server is down arrives when it is back.
import assert from 'node:assert/strict'
import { until } from '../lib/driver.mjs'
import { Hub } from '../lib/hub.mjs'
import { story } from '../lib/story.mjs'
import { here } from '../lib/zone.mjs'
import { Album } from './album.mjs'
import { dayNumber, takePhoto } from './material.mjs'
import { ask, atTheDesk, enrol, giveOut, handedIn, queueOf } from './office.mjs'
import * as step from './steps.mjs'

const NO = `${dayNumber()}-0451`
const LATER = `${dayNumber()}-0452`

/** The chip says as many as the panel lists. */
async function chipCountsThePanel(device) {
  const lines = () => document.querySelectorAll('[data-testid="sync-queue"] li').length
  const listed = await device.session.look(lines)
  assert.ok(listed > 1, `${listed} lines`)
  await device.see(`已存本机 · ${listed} 项待传`)
}

/** The queue's number is the list's. */
async function queueCountsTheList(lead) {
  const [row] = await queueOf(lead)
  const listed = await step.wordsOf(lead, 'desk-flags')
  const [, n] = listed.match(/^疑点 (\d+)/) ?? []
  assert.ok(n && row.startsWith(`${n} 处`), `${row} / ${listed}`)
}

/** Every picture of the open submission is on the screen. */
const picturesAreThere = (lead) =>
  until('the pictures are there', () =>
    lead.session.look(() => {
      const all = [...document.querySelectorAll('[data-testid^="desk-photo-"] img, figure img')]
      return all.length > 0 && all.every((i) => i.complete && i.naturalWidth > 0)
    }),
  )

story(
  'a code from the office, a visit while the server is down, and everything arrives when it is back',
  { screen: 'turning' },
  async (device) => {
    const album = new Album(device, 'zh-office')
    const photo = takePhoto(device.folder, '仪表', 6, { width: 1200, height: 1600, seed: 51 })
    const hub = await Hub.open(device.folder)
    try {
      giveOut(hub, device, NO, '林女士', '3107')
      await album.take('first-start')
      await enrol(device, hub, 'AAAA-BBBB-CCCC')
      await step.has(device, '[data-code="enrol_code"]')
      await album.take('wrong-code')
      await device.typeInto('enrol-code', hub.office('enrol', '3107'))
      await device.tap('start-office')
      await device.see('林女士')
      await album.take('orders-came')

      await hub.stop()
      await step.goToDoor(device)
      await step.openPhase(device, 'door')
      await step.tick(device, 'badge-shown', 'introduced', 'verified', 'consent', 'covers-on')
      await device.tap('reach-entered')
      await step.rowIs(device, 'entered')
      await step.repair(device, photo)
      await step.pageIsPainted(device)
      await device.tap('visit-back')
      await step.has(device, '[data-testid="today-search"]')
      await device.tap('sync-chip')
      await device.see('林女士')
      await chipCountsThePanel(device)
      await album.take('waiting')

      await hub.start()
      giveOut(hub, device, LATER, '何女士', '3107')
      await device.tap('sync-go')
      await step.has(device, '[data-testid="sync-facts"]')
      await album.take('all-there')
      await device.tap('sheet-close')
      await device.see('何女士')

      await atTheDesk(hub, async (lead) => {
        const desk = new Album(lead, 'zh-desk')
        await step.has(lead, '[data-testid="desk-0451"]')
        await step.has(lead, '[data-testid="desk-photo-1"]')
        await queueCountsTheList(lead)
        await picturesAreThere(lead)
        await desk.take('queue')
        await lead.tap('desk-return')
        await lead.tap('desk-pick-optical')
        await lead.tap('desk-why-optical-1')
        await desk.take('reasons')
        await lead.tap('desk-give')
        await step.has(lead, '[data-testid="desk-done"]')
        await handedIn(lead)
        await ask(device)
        await device.see('退回补资料')
        await album.take('sent-back')
        await device.tap('review-reason-1')
        await step.has(device, '[data-testid="item-optical"]')
        await album.take('mending')
        // one stands there already: the new one is waited for
        await device.upload('photo-optical', photo)
        await step.photosAre(device, 'optical', 2)
        await step.openPhase(device, 'sign')
        await step.technicianSigns(device)
        await step.nextDoes(device, 'missing')
        await step.submit(device)
        await device.tap('visit-back')
        await handedIn(device)
        await ask(lead)
        await step.has(lead, '[data-testid="desk-0451"]')
        await desk.take('again')
        await lead.tap('desk-approve')
        await step.has(lead, '[data-testid="desk-done"]')
        await handedIn(lead)
        desk.done()
      })
      await hub.stop()
      assert.match(hub.office('verify'), /0 blobs awaited/)
      const day = here().toISOString().slice(0, 10)
      const rows = hub.office('export', 'visits', '--from', day, '--to', day)
      assert.ok(rows.includes(NO) && rows.includes('周建国'), rows)
      album.done()
    } finally {
      await hub.stop()
    }
  },
)
