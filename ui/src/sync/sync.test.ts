import { expect, test, vi } from 'vitest'
import { lang, text } from '@/i18n'
import { en, zh } from '@/i18n/words'
import { panelFor, SCENES } from '@/backend/fake/sync'
import { open, PATIENCE, type Stage } from '@/testing'
import { plainCode } from './code'
import { moved } from './news'
import { chipOf } from './chip'
import { entriesOf, hintOf, statusOf, titleOf, warningsOf } from './words'

async function opened(scene: (typeof SCENES)[number]): Promise<Stage> {
  const stage = await open('/today', { sync: scene })
  await stage.tap('sync-chip')
  return stage
}

test('without a network the panel says that all is kept, what waits in which order, and when it is tried', async () => {
  const { page, words } = await opened('offline')
  expect(page.get('dialog h2').text()).toBe('都存在这台平板上，不会丢')
  expect(page.get('dialog').text()).toContain('现在没有网络，照常干活。有网后自动上传，不用守着。')
  const lines = page.findAll('[data-testid="sync-queue"] li').map((li) => li.text())
  expect(lines).toEqual([
    '何女士 · 提交清单、读数、签字。等网络，第一个传86 KB',
    '周先生 · 未完工说明清单、读数、签字。第 2 个传42 KB',
    '何女士 · 照片 6 张体积大，排在记录后面。已传 2 张，从第 3 张接着传2.8 MB',
  ])
  expect(page.get('[role="progressbar"]').attributes('aria-valuenow')).toBe('33')
  expect(words('sync-times')).toContain('12:46')
  expect(words('sync-times')).toContain('13:24 · 2 分 40 秒后')
  expect(words('sync-times')).toContain('照片传了 924 KB，共 2.8 MB')
  expect(words('sync-status')).toBe('无网络，12:51 起')
  expect(words('sync-chip'), 'as many as the panel lists').toBe('已存本机 · 3 项待传')
})

test('signatures are named and photos are counted', async () => {
  const titles = (more: object): string[] => {
    const panel = panelFor('offline')
    const waiting = panel.waiting.map((i) => (i.kind === 'photos' ? { ...i, ...more } : i))
    return entriesOf(text, { ...panel, waiting })
      .slice(2)
      .flatMap((e) => [e.title, e.note])
  }
  expect(titles({ signatures: 2, photos_sent: 0 })).toEqual([
    '何女士 · 签字和照片 6 张',
    '体积大，排在记录后面',
  ])
  expect(titles({ signatures: 1, photos_sent: 6 })).toEqual(['何女士 · 签字笔迹', '排在记录后面'])
})

test('the disk is looked through only for a panel that shows it', async () => {
  const { backend, tap, words } = await open('/today', { sync: 'offline' })
  const looked = vi.spyOn(backend, 'storageStatus')
  await tap('sync-chip')
  expect(words('sync-times')).not.toBe('')
  expect(looked).not.toHaveBeenCalled()
  backend.sync.become('sent')
  await vi.waitFor(() => expect(words('sync-facts')).toContain('个文件'), PATIENCE)
  expect(looked).toHaveBeenCalledOnce()
})

test('现在重试 asks at once, and the panel follows until all is sent', async () => {
  const { tap, page, words, backend } = await opened('offline')
  await tap('sync-go')
  expect(backend.sync.retries).toBe(1)
  expect(words('sync-status')).toBe('正在上传')
  expect(page.get('[data-testid="sync-go"]').attributes('disabled'), 'it is at it').toBeDefined()
  backend.sync.become('sent')
  await vi.waitFor(() => expect(words('sync-chip')).toBe('已全部上传'), PATIENCE)
  await vi.waitFor(() => expect(page.get('dialog h2').text()).toBe('都已传到公司服务器'), PATIENCE)
  await vi.waitFor(() => expect(words('sync-facts')).toContain('126 条'), PATIENCE)
})

test('a retry that fails is said in the panel, which stays', async () => {
  const { tap, words, backend } = await opened('offline')
  vi.spyOn(backend, 'syncNow').mockRejectedValue({ code: 'storage', params: {} })
  await tap('sync-go')
  expect(words('error-what')).toContain('存储出了问题')
  expect(words('sync-status')).toBe('无网络，12:51 起')
})

test('the chip follows the news without being asked', async () => {
  const { words, backend } = await open('/today')
  const said: string[] = []
  for (const scene of ['working', 'portal', 'hub_full', 'stranger', 'revoked', 'sent'] as const) {
    backend.sync.become(scene)
    await vi.waitFor(() => expect(words('sync-chip')).not.toBe(said.at(-1)), PATIENCE)
    said.push(words('sync-chip'))
  }
  expect(said).toEqual([
    '正在上传 · 3 项',
    '已存本机 · 网络要登录',
    '已存本机 · 服务器已满',
    '已存本机 · 要登记码',
    '已存本机 · 已被停用',
    '已全部上传',
  ])
})

test('a lost photo is never called safe', () => {
  const panel = panelFor('photo_vanished')
  expect(titleOf(text, panel)).toBe('有 1 张照片的文件找不到了')
  expect(titleOf(text, panel)).not.toContain('不会丢')
})

test('every state has a title, what to do, and a status, in both languages, with no gap left open', () => {
  for (const tongue of ['zh', 'en'] as const) {
    lang.value = tongue
    for (const scene of SCENES) {
      const panel = panelFor(scene)
      const news = {
        ...panel,
        trouble: panel.why,
        waiting: panel.waiting.length,
        streams: [],
        wiped: false,
      }
      const said = [
        titleOf(text, panel),
        hintOf(text, panel),
        statusOf(text, panel, panel.since ? '12:51' : null).words,
        chipOf(text, null, news).words,
      ]
      for (const words of said) {
        expect(words, `${tongue} ${scene}`).not.toBe('')
        expect(words, `${tongue} ${scene}`).not.toMatch(/[{}]|undefined/)
      }
    }
  }
  lang.value = 'zh'
  expect(Object.keys(en)).toEqual(expect.arrayContaining(Object.keys(zh)))
})

test('trouble that passes by itself is not on the chip: there is nothing to do about it', () => {
  for (const why of ['offline', 'cut', 'slow', 'too_many', 'hub_failed'] as const) {
    const panel = panelFor(why)
    const news = { ...panel, trouble: why, waiting: 3, streams: [], wiped: false }
    expect(chipOf(text, null, news).words).toBe('已存本机 · 3 项待传')
  }
})

test('a clock that is off and records that stay behind are told', async () => {
  const stage = await open('/today', {}, ({ sync }) => {
    sync.panel = { ...sync.panel, clock_off_min: -7, given_up: 2 }
  })
  await stage.tap('sync-chip')
  const said = stage.page.get('dialog').text()
  expect(said).toContain('平板的时间比服务器快 7 分钟')
  expect(said).toContain('有 2 段旧记录只在这台平板上')
  expect(said, 'not all is sent').not.toContain('都已传到公司服务器')
})

test('an old stretch that stays here is a sentence, also when nothing else waits', () => {
  const panel = { ...panelFor('sent'), given_up: 1 }
  expect(titleOf(text, panel)).not.toBe(text('sync.titleSent'))
  expect(hintOf(text, panel)).toContain('旧记录')
  expect(warningsOf(text, panel)[0]?.words).toContain('有 1 段旧记录')
})

test('standards that wait have a line of their own', () => {
  const sent = panelFor('sent')
  const item = { visit: null, customer: null, short_no: null, state: null, records: 0 }
  const standards = {
    ...item,
    kind: 'standards' as const,
    photos: 2,
    signatures: 0,
    photos_sent: 0,
    bytes: 90_000,
    sent: 0,
  }
  const [entry] = entriesOf(text, { ...sent, waiting: [standards] })
  expect(entry?.title).toBe('服务规范 2 份')
})

test('a tablet that needs a code gets it from the panel', async () => {
  const { tap, type, words, page } = await opened('stranger')
  expect(words('sync-go')).toBe('填登记码')
  await tap('sync-go')
  await type('enrol-code', '7KQ2-M9FX-R4DA')
  await tap('enrol-go')
  expect(page.get('dialog h2').text()).toBe('都已传到公司服务器')
})

test('a code is read whatever the keys were', () => {
  expect(plainCode(' 7kq2-m9fx—r4da ')).toBe('7KQ2M9FXR4DA')
  expect(plainCode('７ＫＱ２－Ｍ９ＦＸ')).toBe('7KQ2M9FX')
  expect(plainCode('——')).toBe('')
})

test('a verdict concerns the visit that it is about, however the visit is named', () => {
  const news = (streams: string[]) => ({
    ...panelFor('sent'),
    trouble: null,
    waiting: 0,
    streams,
    wiped: false,
  })
  expect(moved(news(['review/7']), ['visit/7'])).toBe(true)
  expect(moved(news(['review/visit/7']), ['visit/7'])).toBe(true)
  expect(moved(news(['review/17']), ['visit/7'])).toBe(false)
  expect(moved(news(['order/1']), ['order/1', null, undefined])).toBe(true)
  expect(moved(news([]), ['order/1'])).toBe(false)
})
