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
import { window } from './office.mjs'
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
  await album.both('walk')
  await step.tick(lead, 'form-shown')
  await lead.tap('preview-conditions')
  await step.has(lead, '[data-testid="preview-job-repair"]')
  await lead.tap('preview-job-repair', { within: 'sheet' })
  await lead.tap('preview-fact-moved-true', { within: 'sheet' })
  await album.both('conditions')
  await lead.tap('sheet-close')
  await step.gone(lead, 'sheet')
  await step.has(lead, '[data-testid="item-moved-consent"]')
  await lead.tap('preview-pack')
  await lead.see('五个一', '操作规范吗')
  await album.both('pack')
  await lead.tap('sheet-close')
  await step.gone(lead, 'sheet')
}

/** The preview begins before the signature, and the tablet goes to the customer. */
async function beginAtTheSignature(lead) {
  await lead.tap('preview-conditions')
  await lead.tap('preview-stage-sign_off', { within: 'sheet' })
  await lead.tap('sheet-close')
  await step.gone(lead, 'sheet')
  await step.nextDoes(lead, 'handover')
  await step.has(lead, '[data-testid="seal-feedback"]')
}

/** The same in the sun and in large letters. */
async function inTheSun(lead, album) {
  await lead.tap('desk-settings')
  await lead.tap('theme-outdoor')
  await lead.tap('scale-150')
  await lead.tap('back-today')
  await lead.tap('open-desk')
  await lead.tap('desk-packs')
  await lead.tap('preview-cmcc-broadband')
  await lead.tap('preview-pack')
  await lead.see('操作规范吗')
  await album.both('pack-outdoor-150')
  await lead.tap('sheet-close')
  await step.gone(lead, 'sheet')
  await beginAtTheSignature(lead)
  await album.both('feedback-outdoor-150')
  await step.giveFeedback(lead)
  await album.both('signature-outdoor-150')
  await lead.tap('preview-back')
  await lead.tap('back-desk')
}

/** The hand-over as the customer meets it, and what follows it, up to what only a real visit does. */
async function handOver(lead, album) {
  await beginAtTheSignature(lead)
  await lead.see('预览，不保存', '林女士，您好', '操作规范吗', '现场收拾干净，垃圾带走')
  await step.has(lead, '[data-testid="seal-feedback"][aria-disabled="true"]')
  await album.both('feedback')
  await step.giveFeedback(lead)
  await step.has(lead, '[data-testid="sign-confirm"][aria-disabled="true"]')
  await album.both('signature')
  await lead.tap('sign-cannot')
  await album.both('cannot-sign')
  await lead.tap('sheet-close')
  await step.gone(lead, 'sheet')
  await lead.tap('relation-customer')
  await lead.sign('sign-pad')
  await lead.tap('sign-confirm')
  await step.has(lead, '[data-testid="handback-page"]')
  await album.both('handback')
  await step.takeBack(lead, '1234')
  await step.technicianSigns(lead)
  await step.nextDoes(lead, 'missing')
  await step.has(
    lead,
    '[data-testid="submit"][aria-disabled="true"], [data-testid="submit"]:disabled',
  )
  await album.both('missing')
}

/** Another standard's statement is put to the customer before the work. */
async function declare(lead, album) {
  await lead.tap('preview-yiwei-it')
  await step.openPhase(lead, 'work')
  await step.answerQuestions(lead, { disk: true })
  await lead.tap('choice-backup-choice-by-us')
  await step.tick(lead, 'backup-done')
  await lead.tap('prove-backup-consent')
  await lead.see('请您看清再签', '可能丢失数据')
  await album.both('statement')
  await lead.tap('relation-customer')
  await lead.sign('sign-pad')
  await lead.tap('consent-confirm')
  await step.has(lead, '[data-testid="handback-page"]')
  await step.takeBack(lead, '0000')
  await step.rowIs(lead, 'backup-consent')
  await lead.tap('preview-back')
}

story(
  'a lead previews a standard and a file that is being written, and nothing of it stays',
  { screen: 'desk', timeout: 600_000 },
  async (device) => {
    const hub = await Hub.open(device.folder)
    try {
      await window(hub, '3100', { screen: 'turning' }, async (lead) => {
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
        await album.both('shelf')
        await lead.tap('preview-cmcc-broadband')
        await lookAround(lead, album)
        await handOver(lead, album)
        await lead.tap('preview-back')
        await declare(lead, album)

        const file = join(device.folder, 'my-standard.toml')
        writeFileSync(file, swap(SHIPPED, 'after = ["fees"]', 'after = ["fee"]'))
        await lead.upload('draft-file', file)
        await lead.see('my-standard.toml', '1 处错', '「fee」')
        await album.both('mistakes')
        writeFileSync(file, edition())
        await lead.upload('draft-file', file)
        await step.has(lead, '[data-testid="preview-draft"]')
        await album.both('sound')
        await lead.tap('preview-draft')
        await lead.see('中国移动宽带装维 · 第 3 版')
        await lead.tap('preview-back')
        await lead.tap('back-desk')
        await inTheSun(lead, album)
        assert.equal(await recorded(), before, 'nothing was recorded')
        album.done()
      })
    } finally {
      await hub.stop()
    }
  },
)
