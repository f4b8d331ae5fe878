import { expect, test } from 'vitest'
import { lang } from '@/i18n'
import { open } from '@/testing'
import { leave, stage } from '@/visit/testing'

const toml = (words: string) => new File([words], 'my.toml', { type: 'application/toml' })

test('a newer version is a quiet line; what changes is shown before anything does', async () => {
  const on = await stage('door', async (backend) => backend.packs.arrive())
  try {
    expect(on.text('pack-offer')).toContain('标准有新版（第 2 版）')
    await on.tap('pack-offer-open')
    expect(on.text('pack-added')).toContain('拍下垫布')
    expect(on.text('moved-covers-on')).toContain('原来是：鞋套在门外穿好')
    expect(on.text('moved-covers-on')).toContain('要重做')
    expect(on.text('moved-badge-shown')).toContain('回答保留')
    expect(on.text('pack-dropped')).toContain('当面演示上网')
    expect(on.text('pack-dropped')).not.toContain('留在旧版')

    await on.tap('pack-stay')
    expect(on.has('sheet')).toBe(false)
    expect(on.view().pack.version).toBe(1)

    await on.tap('pack-offer-open')
    await on.tap('pack-go')
    expect(on.view().pack.version).toBe(2)
    expect(on.has('sheet')).toBe(false)
    expect(on.text('pack-offer')).toContain('换回第 1 版')
    await on.tap('pack-offer-open')
    await on.tap('pack-go')
    expect(on.view().pack.version).toBe(1)
  } finally {
    leave(on)
  }
})

test('a move that is refused says why and leaves the sheet open', async () => {
  const on = await stage('door', async (backend) => backend.packs.arrive())
  try {
    await on.tap('pack-offer-open')
    // meanwhile the newer version is gone
    on.view().pack_offer = null
    await on.tap('pack-go')
    expect(on.has('sheet')).toBe(true)
    expect(on.text('sheet')).toContain('已经是这里最新的一版')
    expect(on.view().pack.version).toBe(1)
  } finally {
    leave(on)
  }
})

test('without a newer version there is no line', async () => {
  const on = await stage('door')
  try {
    expect(on.has('pack-offer')).toBe(false)
  } finally {
    leave(on)
  }
})

test('a lead finds the standards from the desk, with version, rows and languages', async () => {
  const on = await open('/desk', { role: 'lead' })
  await on.tap('desk-packs')
  expect(on.words('pack-cmcc-broadband')).toContain('中国移动宽带装维 · 第 1 版')
  expect(on.words('pack-cmcc-broadband')).toContain('每次 26 条，共 39 条 · 中文、英文')
  expect(on.words('pack-gree-repair')).toContain('3 条没有英文')
  await on.tap('back-desk')
  expect(on.router.currentRoute.value.name).toBe('desk')
})

test('everybody finds them in the settings', async () => {
  const on = await open('/settings')
  await on.tap('settings-packs')
  await on.tap('preview-cmcc-broadband')
  expect(on.words('preview-title')).toBe('中国移动宽带装维 · 第 1 版')
  expect(on.has('visit-page')).toBe(true)
  await on.tap('preview-back')
  expect(on.has('pack-cmcc-broadband')).toBe(true)
})

test('the preview is the visit itself: rows are tapped, and nothing becomes a visit', async () => {
  const on = await open('/preview/cmcc-broadband')
  const { visits } = on.backend.world
  const before = JSON.stringify(visits)
  expect(on.page.get('[data-testid="visit-page"]').attributes('data-stage')).toBe('inside')
  await on.tap('phase-work')
  await on.tap('fact-moved-yes')
  const last = on.backend.packs.asked.at(-1)
  expect(last?.of).toEqual({ from: 'shelf', id: 'cmcc-broadband' })
  expect(last?.commands).toEqual([{ do: 'set_fact', fact: 'moved', value: true }])
  expect(JSON.stringify(visits)).toBe(before)
})

test('job, beginning and answers are switched; what was answered stays', async () => {
  const on = await open('/preview/cmcc-broadband')
  await on.tap('preview-conditions')
  await on.tap('preview-fact-moved-true')
  await on.tap('preview-job-repair')
  await on.tap('preview-stage-start')
  await on.tap('preview-signed-true')
  const last = on.backend.packs.asked.at(-1)
  expect(last).toMatchObject({ job: 'repair', stage: 'start', signed: true })
  expect(last?.commands).toEqual([{ do: 'set_fact', fact: 'moved', value: true }])
  await on.tap('sheet-close')
  await on.tap('preview-pack')
  expect(on.words('pack-statements')).toContain('我已备份电脑里的数据。')
  expect(on.has('pack-survey')).toBe(true)
  expect(on.has('pack-prices')).toBe(true)
})

test('what only a real visit does is refused in words', async () => {
  const on = await open('/preview/cmcc-broadband')
  await on.tap('phase-sign')
  await on.tap('prove-feedback')
  expect(document.body.textContent).toContain('这是预览')
  expect(on.router.currentRoute.value.name).toBe('preview')
})

test('a file that is being written shows its mistakes with their lines, and then its preview', async () => {
  const on = await open('/packs')
  await on.give('draft-file', toml('when = { fact = "mooved" }'))
  expect(on.words('draft-report')).toContain('2 处错')
  expect(on.words('draft-report')).toContain('第 214 行')
  expect(on.words('draft-report')).toContain('没有这个问题')
  expect(on.has('preview-draft')).toBe(false)
  lang.value = 'en'
  await on.give('draft-file', toml('when = { fact = "mooved" }'))
  expect(on.words('draft-report')).toContain('there is no such question')
  lang.value = 'zh'
  await on.give('draft-file', toml('when = { fact = "moved" }'))
  expect(on.words('draft-report')).toContain('没有错')
  await on.tap('preview-draft')
  expect(on.backend.packs.asked.at(-1)?.of).toEqual({ from: 'draft' })
  expect(on.has('visit-page')).toBe(true)
})
