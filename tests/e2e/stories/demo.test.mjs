// Trying it out before anything is set up; and a standard that somebody wrote with a mistake in it.
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../lib/driver.mjs'
import { story } from '../lib/story.mjs'
import { Album } from './album.mjs'
import * as step from './steps.mjs'

/** Today's orders of the demo, by their short numbers. */
const DEMO = ['0412', '0405', '0419', '0423', '0427']

async function openDemo(device) {
  await device.tap('start-demo')
  for (const no of DEMO) await step.has(device, `[data-testid="order-${no}"]`)
  await device.see('试用数据 · 存在本机')
}

/** The chip says where everything is, and how much. */
async function lookAtStorage(device, album) {
  await device.tap('sync-chip')
  await device.see('永远不会上传', '试用数据不上传')
  const count = async () =>
    Number((await step.wordsOf(device, 'sync-facts')).match(/(\d+) 条/)?.[1])
  await until('the records are counted', async () => (await count()) >= DEMO.length)
  await album.both('storage')
  await device.tap('sheet-close')
  await step.gone(device, 'sheet')
}

story(
  '试用演示: an order, a step of its visit, and nothing left',
  { screen: 'turning' },
  async (device) => {
    const album = new Album(device, 'zh-demo')
    await openDemo(device)
    await album.both('today')
    await lookAtStorage(device, album)
    await device.tap('order-0419')
    await step.goToDoor(device)
    await step.openPhase(device, 'depart')
    await step.tick(device, 'dressed')
    await album.both('visit')
    // what was tried is kept while it is tried
    await device.tap('visit-back')
    await step.has(device, '[data-testid="act-0419"]')
    await device.see('在门口')

    await device.tap('open-settings')
    await device.tap('leave-demo')
    await device.see('结束试用，清掉试用数据？')
    await album.both('leave')
    await device.tap('leave-confirm')
    await step.has(device, '[data-testid="start-office"]')
    // a second try begins from nothing, and so does the real work
    await openDemo(device)
    await device.dontSee('在门口')
    await device.tap('open-settings')
    await device.tap('leave-demo')
    await device.tap('leave-confirm')
    await step.register(device)
    await device.dontSee('林女士')
    album.done()
  },
)

/** Puts a file of the service manager into the folder for standards, and opens the app again. */
async function bring(device, name, text) {
  const folder = join(device.home, '.local/share/com.doorstep.app/standards')
  await device.quit()
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, name), text)
  await device.start()
}

const BROKEN = [
  'id = "village-tv"',
  'version = "一"',
  'name = { zh = "有线电视", en = "Cable TV" }',
  '',
]

story(
  'a standard with a mistake: the file, the line and why; the rest works',
  { screen: 'turning' },
  async (device) => {
    await bring(device, '有线电视.toml', BROKEN.join('\n'))
    await step.register(device)
    await device.tap('open-settings')
    await step.has(device, '[data-testid="broken-packs"]')
    const words = await step.wordsOf(device, 'broken-packs')
    assert.match(words, /有线电视\.toml 第 2 行/)
    assert.match(words, /不小于 0 的整数，现在写的是文字「一」/)
    await step.has(device, '[data-testid="settings-storage"]')
    const zh = new Album(device, 'zh-broken')
    await zh.both('settings')
    zh.done()
    await device.tap('lang-en')
    await device.see('Settings')
    const english = await step.wordsOf(device, 'broken-packs')
    assert.match(english, /有线电视\.toml, line 2/)
    assert.match(english, /Write a whole number not below 0 here; now it is the words “一”/)
    const en = new Album(device, 'en-broken')
    await en.both('settings')
    await step.backToToday(device)
    await device.tap('sync-chip')
    await step.has(device, '[data-testid="sync-facts"]')
    await en.both('storage')
    await device.tap('sheet-close')
    await step.gone(device, 'sheet')

    // the standards of the program are there as ever, the broken one is not
    await device.tap('empty-new-order')
    await device.typeInto('new-customer', '何先生')
    await device.typeInto('new-phone', '13600001357')
    await device.typeInto('new-address', '河坊街 36 号')
    await device.typeInto('new-service', '宽带修障')
    await device.tap('new-job-repair')
    await step.has(device, '[data-testid="new-standard-ct-fourteen-steps"]')
    const offers = () => document.querySelector('[data-testid="new-standard-village-tv"]') !== null
    assert.equal(await device.session.look(offers), false)
    await device.tap('new-standard-cmcc-broadband')
    await en.both('new-order')
    await device.tap('new-save')
    await step.orderStep(device, 'contact')
    await step.has(device, '[data-testid="phone-number"]')
    await en.take('call')
    en.done()
  },
)
