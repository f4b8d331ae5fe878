import { expect, test, vi } from 'vitest'
import { open } from '@/testing'

test('language, theme and size are saved and shown at once', async () => {
  const { tap, page, backend } = await open('/settings')
  await tap('lang-en')
  expect(page.get('h1').text()).toBe('Settings')
  expect(document.documentElement.lang).toBe('en')
  await tap('theme-dark')
  await tap('scale-150')
  expect(document.documentElement.dataset.theme).toBe('dark')
  expect(document.documentElement.style.getPropertyValue('--ds-scale')).toBe('1.5')
  expect((await backend.boot()).settings).toEqual({
    lang: 'en',
    theme: 'dark',
    scale: 150,
    keep_days: 30,
  })
})

test('two quick taps both count', async () => {
  const { tap, backend } = await open('/settings')
  await Promise.all([tap('theme-dark'), tap('scale-150')])
  const { theme, scale } = (await backend.boot()).settings
  expect([theme, scale]).toEqual(['dark', 150])
})

test('the PIN changes only with the present one', async () => {
  const { tap, type, words, has, page } = await open('/settings')
  await tap('change-pin')
  await type('pin-old', '0000')
  await type('pin-new', '135790')
  await type('pin-again', '135790')
  await tap('pin-save')
  expect(words('error-what')).toBe('密码不对，还能试 4 次')
  await type('pin-old', '2468')
  await tap('pin-save')
  expect(has('pin-save')).toBe(false)
  expect(page.text()).toContain('密码换好了')
})

test('leaving the demo is asked once more, because it cannot be undone', async () => {
  const { tap, router, has } = await open('/settings', { demo: true })
  await tap('leave-demo')
  await tap('leave-cancel')
  expect(router.currentRoute.value.name).toBe('settings')
  await tap('leave-demo')
  await tap('leave-confirm')
  expect(router.currentRoute.value.name).toBe('start')
  const real = await open('/settings')
  expect(real.has('leave-demo') || has('leave-demo')).toBe(false)
})

test('broken standards are listed with file, line and reason, in the language of the screens', async () => {
  const broken = [
    {
      file: 'telecom.toml',
      line: 214,
      reason: { zh: '没有「bag」这个套装', en: 'There is no kit “bag”' },
    },
    { file: 'telecom.toml', line: 0, reason: { zh: '热线要写号码', en: 'No number' } },
    { file: 'cable.toml', line: 0, reason: { zh: '文件是空的', en: 'The file is empty' } },
  ]
  const { words, tap } = await open('/settings', { broken })
  expect(words('broken-packs')).toContain('有 2 个规范文件不能用')
  expect(words('broken-packs')).toContain('telecom.toml 第 214 行')
  expect(words('broken-packs')).toContain('没有「bag」这个套装')
  expect(words('broken-packs')).toContain('热线要写号码')
  await tap('lang-en')
  expect(words('broken-packs')).toContain('telecom.toml, line 214')
  expect(words('broken-packs')).toContain('There is no kit “bag”')
  expect(words('broken-packs')).toContain('No number')
  expect(words('broken-packs')).not.toMatch(/[\u4e00-\u9fff]/)
})

test('a profile that is alone connects to the office with a code', async () => {
  const { tap, type, words, has, page, backend } = await open('/settings', { sync: 'alone' })
  expect(words('settings-office')).toContain('还没有连接')
  expect(has('keep-30'), 'nothing is deleted that no server has').toBe(false)
  await tap('open-enrol')
  expect(page.get('[data-testid="enrol-go"]').attributes('disabled')).toBeDefined()
  await type('enrol-address', 'https://hub.example.com')
  await type('enrol-code', 'AAAA')
  await tap('enrol-go')
  expect(words('error-what')).toBe('登记码不对、用过了或者过期了')
  await type('enrol-code', '7kq2m9fxr4da')
  await tap('enrol-go')
  expect(has('enrol-go')).toBe(false)
  expect(words('settings-office')).toContain('一班')
  expect(words('settings-office')).toContain('师傅')
  expect(backend.sync.panel.standing).toBe('enrolled')
})

test('a tablet that the server forgot gets a new code with the address filled in', async () => {
  const { tap, words, page } = await open('/settings', { sync: 'stranger' })
  expect(words('settings-office')).toContain('认不出这台平板')
  await tap('open-enrol')
  expect(page.get<HTMLInputElement>('[data-testid="enrol-address"]').element.value).toBe(
    'https://hub.example.com',
  )
})

test('how long sent photos stay is a choice, and never is one', async () => {
  const { tap, backend, page } = await open('/settings')
  expect(page.get<HTMLInputElement>('[data-testid="keep-30"]').element.checked).toBe(true)
  await tap('keep-90')
  expect((await backend.boot()).settings.keep_days).toBe(90)
  await tap('keep-0')
  expect((await backend.boot()).settings.keep_days).toBe(0)
})

test('the page waits for all it shows: nothing moves under a finger, and a part that fails says why', async () => {
  let answer: (refused: boolean) => void = () => undefined
  const { has, words, page } = await open('/settings', { demo: true }, (backend) => {
    backend.gear = () =>
      new Promise((keep, refuse) => {
        answer = (refused) =>
          refused ? refuse({ code: 'disk_full', at: [], values: {} }) : keep([])
      })
  })
  expect([has('settings-packs'), has('leave-demo')], 'not a row before the last one').toEqual([
    false,
    false,
  ])
  answer(true)
  await vi.waitFor(() => expect(has('leave-demo')).toBe(true))
  expect(has('settings-storage'), 'the rest is there').toBe(true)
  expect(words('error-what')).not.toBe('')
  expect(page.text()).not.toContain('我的装备')
})
