import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import DateSheet from './DateSheet.vue'
import PinPad from './PinPad.vue'
import TimeField from './TimeField.vue'

test('a PIN is taken from taps and keys alike and never shown', async () => {
  const pad = mount(PinPad, { props: { label: '密码' } })
  for (const digit of ['1', '2', '3'])
    await pad.get(`[data-testid="pin-${digit}"]`).trigger('click')
  expect(
    pad.get('[data-testid="pin-ok"]').attributes('disabled'),
    'four digits at least',
  ).toBeDefined()
  await pad.get('[data-testid="pin-pad"]').trigger('keydown', { key: '4' })
  await pad.get('[data-testid="pin-pad"]').trigger('keydown', { key: '5' })
  await pad.get('[data-testid="pin-bksp"]').trigger('click')
  expect(pad.get('[data-testid="pin-dots"]').text()).toBe('已输入 4 位')
  await pad.get('[data-testid="pin-ok"]').trigger('click')
  expect(pad.emitted('done')).toEqual([['1234']])
  expect(pad.get('[data-testid="pin-dots"]').text(), 'nothing stays for the next try').toBe(
    '已输入 0 位',
  )
})

test('a time is typed or moved; what is not a time changes nothing', async () => {
  const at = { ms: Date.UTC(2026, 10, 22, 6, 0), offset_min: 480 }
  const field = mount(TimeField, { props: { modelValue: at, label: '几点', testid: 'when' } })
  await field.get('[data-testid="when-earlier"]').trigger('click')
  expect(field.emitted('update:modelValue')?.at(-1)).toEqual([{ ...at, ms: at.ms - 5 * 60_000 }])
  const input = field.get<HTMLInputElement>('[data-testid="when"]')
  await input.setValue('1520')
  await input.trigger('change')
  expect(field.emitted('update:modelValue')?.at(-1)).toEqual([{ ...at, ms: at.ms + 80 * 60_000 }])
  const before = field.emitted('update:modelValue')?.length
  await input.setValue('下午')
  await input.trigger('change')
  expect(field.emitted('update:modelValue')?.length).toBe(before)
  expect(field.text()).toContain('14:00 这样')
})

test('a date is three taps, and a day ahead cannot be chosen', async () => {
  const props = { value: '', title: '购买日期', latest: '2026-11-22' }
  const sheet = mount(DateSheet, { props, attachTo: document.body })
  const tap = (id: string) => sheet.get(`[data-testid="date-${id}"]`)
  expect(sheet.find('[data-testid="date-month-12"]').exists(), 'December lies ahead').toBe(false)
  expect(tap('day-23').attributes('disabled')).toBeDefined()
  await tap('year-2024').trigger('change')
  await tap('month-2').trigger('change')
  expect(sheet.findAll('.days .choice')).toHaveLength(29)
  await tap('day-29').trigger('click')
  expect(sheet.emitted('pick')).toEqual([['2024-02-29']])
  sheet.unmount()
})
