// The screens between a tablet and the office, photographed in both directions, in the sun and with large letters; axe looks along.
import { Hub } from '../lib/hub.mjs'
import { story } from '../lib/story.mjs'
import { Album } from './album.mjs'
import { dayNumber } from './material.mjs'
import { atTheDesk, giveOut } from './office.mjs'
import * as step from './steps.mjs'

/** The panel of a tablet that knows no office, and the slip that is typed; wrong first, then right. */
async function connect(device, album, hub) {
  await device.tap('sync-chip')
  await step.has(device, '[data-testid="sync-facts"]')
  await album.both('panel-alone')
  await device.tap('sync-go')
  await step.has(device, '[data-testid="enrol-code"]')
  await album.both('enrol')
  await device.typeInto('enrol-address', hub.address)
  await device.typeInto('enrol-code', 'AAAA-BBBB-CCCC')
  await device.tap('enrol-go')
  await step.has(device, '[data-code="enrol_code"]')
  await album.both('enrol-wrong')
  await device.typeInto('enrol-code', hub.office('enrol', '3107'))
  await device.tap('enrol-go')
  await step.has(device, '[data-testid="sync-facts"]')
  await device.see('都已传到公司服务器')
  await album.both('panel-sent')
  await device.tap('sheet-close')
  await step.gone(device, 'sheet')
}

/** What waits, in these colours and this size. */
async function waiting(device, album, name) {
  album.name = `zh-sync${name}`
  await device.tap('sync-chip')
  await step.has(device, '[data-testid="sync-queue"]')
  await device.see('无网络')
  await album.both('panel-waiting')
  await device.tap('sheet-close')
  await step.gone(device, 'sheet')
}

/** Chooses colours and size in the settings, and goes back to Today. */
async function choose(device, open, ...choices) {
  await device.tap(open)
  for (const choice of choices) await device.tap(choice)
  await device.tap('back-today')
  await step.has(device, '[data-testid="today-search"]')
}

/** The desk with nothing on it yet, and the team's day. */
async function emptyDesk(lead) {
  const album = new Album(lead, 'zh-desk-empty')
  await lead.see('都审完了')
  await album.take('queue')
  await lead.tap('desk-view-day')
  await step.has(lead, '[data-testid="desk-day-not-received"]')
  await album.take('day')
  await choose(lead, 'desk-settings', 'theme-outdoor', 'scale-150')
  await lead.tap('open-desk')
  await lead.see('都审完了')
  await album.take('queue-outdoor-150')
  await lead.resize(1280, 800)
  await album.take('queue-outdoor-150-small')
  album.done()
}

story(
  'the sync panel, the office’s slip and an empty desk, in every light',
  { screen: 'turning' },
  async (device) => {
    const album = new Album(device, 'zh-sync')
    const hub = await Hub.open(device.folder)
    try {
      await step.register(device)
      await connect(device, album, hub)
      giveOut(hub, device, `${dayNumber()}-0451`, '林女士', '3107')
      await device.tap('sync-chip')
      await device.tap('sync-go')
      await device.tap('sheet-close')
      await device.see('林女士')
      await atTheDesk(hub, emptyDesk)
      await hub.stop()
      await step.agreeTime(device)
      await step.checkKits(device, 2)
      await waiting(device, album, '')
      await choose(device, 'open-settings', 'theme-dark')
      await waiting(device, album, '-dark')
      await choose(device, 'open-settings', 'theme-outdoor', 'scale-150')
      await waiting(device, album, '-outdoor-150')
      album.done()
    } finally {
      await hub.stop()
    }
  },
)
