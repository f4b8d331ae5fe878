// Standards themselves: a newer version reaches a tablet while a visit is under way; a lead looks at a standard, and at one that
// is being written, exactly as the technician will see it.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Hub } from '../lib/hub.mjs'
import { story } from '../lib/story.mjs'
import { Album } from './album.mjs'
import { dayNumber, orderCells } from './material.mjs'
import { atTheDesk } from './office.mjs'
import * as step from './steps.mjs'

const NO = `${dayNumber()}-0481`
const here = dirname(fileURLToPath(import.meta.url))
const SHIPPED = readFileSync(resolve(here, '../../../assets/standards/cmcc-broadband.toml'), 'utf8')

function swap(text, from, to) {
  assert.ok(text.includes(from), from)
  return text.replace(from, to)
}

/** The company's newer edition: the mat says something else, the demonstration is gone, the mat is photographed. */
function edition() {
  const [before, rest] = SHIPPED.split('[[phases.items]]\nid = "demo"')
  const text = `${before}${rest.slice(rest.indexOf('\n\n') + 2)}`
  const mat = '[[phases.items]]\nid = "mat-laid"'
  const photo = [
    '[[phases.items]]',
    'id = "mat-photo"',
    'text = { zh = "拍下铺好的垫布", en = "Photograph the mat" }',
    'evidence = { kind = "tick" }',
    'clauses = ["OURS"]',
    '',
    mat,
  ]
  const newer = swap(swap(text, 'version = 2\n', 'version = 3\n'), mat, photo.join('\n'))
  return swap(newer, '先铺垫布，再放工具', '先铺两层垫布，再放工具')
}

/** The service manager puts a file among the tablet's standards; the window is opened again. */
async function publish(device) {
  const folder = join(device.home, '.local/share/com.doorstep.app/standards')
  await device.quit()
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'cmcc-broadband.toml'), edition())
  await device.start()
}

story(
  'a visit under way is told of a newer version, looks at it, goes to it and back',
  { screen: 'turning' },
  async (device) => {
    const album = new Album(device, 'zh-versions')
    await step.register(device)
    await step.importOrders(device, [orderCells({ no: NO, customer: '林女士', job: '修障' })])
    await step.goToDoor(device)
    await step.enter(device)
    await step.openPhase(device, 'work')
    await step.tick(device, 'form-shown', 'mat-laid')
    await device.dontSee('标准有新版')

    await publish(device)
    await step.orderStep(device, 'continue')
    await device.see('标准有新版（第 3 版）', '先铺垫布，再放工具')
    await album.both('offer')
    await device.tap('pack-offer-open')
    await device.see('拍下铺好的垫布', '原来是：先铺垫布，再放工具', '当面演示上网', '要重做')
    await album.both('changes')
    await device.tap('pack-stay')
    await step.gone(device, 'sheet')
    await step.rowIs(device, 'mat-laid')

    await device.tap('pack-offer-open')
    await device.tap('pack-go')
    await step.gone(device, 'sheet')
    await step.rowIs(device, 'mat-laid', 'open')
    await step.rowIs(device, 'form-shown')
    await device.see('先铺两层垫布，再放工具', '换回第 2 版')
    await album.both('moved')
    await device.tap('pack-offer-open')
    await device.see('当时的回答恢复')
    await album.take('back')
    await device.tap('pack-go')
    await step.gone(device, 'sheet')
    await step.rowIs(device, 'mat-laid')
    await device.see('标准有新版（第 3 版）')

    await device.tap('pack-offer-open')
    await device.tap('pack-go')
    await step.gone(device, 'sheet')
    await step.tick(device, 'mat-laid', 'mat-photo')
    await step.gone(device, 'pack-offer')
    album.done()
  },
)

/** Through a preview, as far as the demonstration of one question and one tap goes. */
async function lookAround(lead, album) {
  await lead.see('预览，不保存', '中国移动宽带装维 · 第 2 版')
  await step.openPhase(lead, 'work')
  await album.take('walk')
  await step.tick(lead, 'form-shown')
  await lead.tap('preview-conditions')
  await step.has(lead, '[data-testid="preview-job-repair"]')
  await lead.tap('preview-job-repair', { within: 'sheet' })
  await lead.tap('preview-fact-moved-true', { within: 'sheet' })
  await album.take('conditions')
  await lead.tap('sheet-close')
  await step.gone(lead, 'sheet')
  await step.has(lead, '[data-testid="item-moved-consent"]')
  await lead.tap('preview-pack')
  await lead.see('五个一', '操作规范吗')
  await album.take('pack')
  await lead.tap('sheet-close')
  await step.gone(lead, 'sheet')
}

story(
  'a lead previews a standard and a file that is being written, and nothing of it stays',
  { screen: 'desk' },
  async (device) => {
    const hub = await Hub.open(device.folder)
    try {
      await atTheDesk(hub, async (lead) => {
        const album = new Album(lead, 'zh-preview')
        const recorded = async () => {
          await lead.tap('desk-settings')
          await step.has(lead, '[data-testid="settings-storage"]')
          const words = await step.wordsOf(lead, 'settings-storage')
          await lead.tap('back-today')
          await lead.tap('open-desk')
          return words
        }
        const before = await recorded()
        await lead.tap('desk-packs')
        await lead.see('中国移动宽带装维', '格力空调维修', '中文、英文')
        await album.take('shelf')
        await lead.tap('preview-cmcc-broadband')
        await lookAround(lead, album)
        await lead.tap('preview-back')

        const file = join(device.folder, 'my-standard.toml')
        writeFileSync(file, swap(SHIPPED, 'after = ["fees"]', 'after = ["fee"]'))
        await lead.upload('draft-file', file)
        await lead.see('my-standard.toml', '1 处错', '「fee」')
        await album.take('mistakes')
        writeFileSync(file, edition())
        await lead.upload('draft-file', file)
        await step.has(lead, '[data-testid="preview-draft"]')
        await album.take('sound')
        await lead.tap('preview-draft')
        await lead.see('中国移动宽带装维 · 第 3 版')
        await lead.tap('preview-back')
        await lead.tap('back-desk')
        assert.equal(await recorded(), before, 'nothing was recorded')
        album.done()
      })
    } finally {
      await hub.stop()
    }
  },
)
