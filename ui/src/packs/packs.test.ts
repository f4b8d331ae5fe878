import { expect, test, vi } from 'vitest'
import { lang } from '@/i18n'
import { open, PATIENCE, type Stage } from '@/testing'
import { leave, NAME, stage, write } from '@/visit/testing'

/** The answer to the one question of the made-up standard. */
const MOVED = { tap: 'act', command: { do: 'set_fact', fact: 'moved', value: true } }
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
  expect(last?.taps).toEqual([MOVED])
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
  expect(last?.taps).toEqual([MOVED])
  await on.tap('sheet-close')
  await on.tap('preview-pack')
  expect(on.words('pack-statements')).toContain('我已备份电脑里的数据。')
  expect(on.has('pack-survey')).toBe(true)
  expect(on.has('pack-prices')).toBe(true)
})

/** A preview that begins before the signature, with the tablet in the customer's hands. */
async function handOver(): Promise<Stage> {
  const on = await open('/preview/cmcc-broadband')
  await on.tap('preview-conditions')
  await on.tap('preview-stage-sign_off')
  await on.tap('sheet-close')
  await on.tap('phase-next')
  return on
}

test('the hand-over is the customer’s own page: unanswered, sealed, signed and given back', async () => {
  const on = await handOver()
  const recorded = JSON.stringify(on.backend.world.visits)
  const real = vi.spyOn(on.backend, 'customerSign')
  const pin = vi.spyOn(on.backend, 'endHandover')
  expect(on.page.get('[data-testid="handover"]').attributes('data-step')).toBe('feedback')
  expect(on.page.findAll('.ask .choice.on')).toHaveLength(0)
  expect(on.words('preview-handover')).toContain('客户拿着平板')
  await on.tap('seal-feedback')
  expect(on.has('sign-pad')).toBe(false)
  for (const ask of on.page.findAll('.ask')) await ask.get('.choice').trigger('click')
  await on.tap('seal-feedback')
  await on.tap('sign-confirm')
  expect(on.has('sign-pad')).toBe(true)
  await on.tap('relation-customer')
  await write(NAME)
  await on.tap('sign-confirm')
  await vi.waitFor(() => expect(on.has('handback-page')).toBe(true), PATIENCE)
  for (const digit of '1234') await on.tap(`pin-${digit}`)
  await on.tap('pin-ok')
  expect(on.has('preview-handover')).toBe(false)
  expect(on.page.get('[data-testid="phase-next"]').attributes('data-does')).toBe('technician')
  expect(on.backend.packs.asked.at(-1)?.taps.map((t) => t.tap)).toEqual(
    ['act', 'act', 'customer_sign', 'act'], // the tablet given, answered, signed, taken back
  )
  expect([real.mock.calls, pin.mock.calls]).toEqual([[], []])
  expect(JSON.stringify(on.backend.world.visits)).toBe(recorded)
})

test('from the customer’s page a lead may go away, and comes back to the walk by other conditions', async () => {
  const on = await handOver()
  await on.tap('handover-lang')
  expect(lang.value).toBe('en')
  await on.tap('preview-conditions')
  await on.tap('preview-stage-inside')
  await on.tap('sheet-close')
  expect(on.has('handover')).toBe(false)
  expect(on.has('visit-page')).toBe(true)
  await on.tap('phase-sign')
  await on.tap('prove-feedback')
  await on.tap('preview-back')
  expect(on.router.currentRoute.value.name).toBe('packs')
  expect(lang.value, 'the customer’s language was the preview’s').toBe('zh')
})

test('what only a real visit does is refused in words', async () => {
  const on = await handOver()
  const photo = vi.spyOn(on.backend, 'addPhoto')
  for (const ask of on.page.findAll('.ask')) await ask.get('.choice').trigger('click')
  await on.tap('seal-feedback')
  await on.tap('sign-cannot')
  await on.tap('unsigned-mark')
  await on.give('photo-mark', new File(['a thumb'], 'mark.jpg', { type: 'image/jpeg' }))
  expect(document.body.textContent).toContain('这是预览')
  expect(photo).not.toHaveBeenCalled()
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
