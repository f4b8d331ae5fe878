import { expect, test } from 'vitest'
import { daysIn, dayWords, isoOf, partsOf } from './day'

test('a day is taken apart and put together again', () => {
  expect(partsOf('2025-05-03')).toEqual({ year: 2025, month: 5, day: 3 })
  expect(isoOf({ year: 2025, month: 5, day: 3 })).toBe('2025-05-03')
  expect(partsOf('05/03/2025')).toBeNull()
})

test('months have their own lengths', () => {
  expect([daysIn(2024, 2), daysIn(2025, 2), daysIn(2025, 4), daysIn(2025, 12)]).toEqual([
    29, 28, 30, 31,
  ])
})

test('a day is written for people', () => {
  expect(dayWords('2025-05-03', 'zh')).toBe('2025年5月3日')
  expect(dayWords('2025-05-03', 'en')).toBe('2025-05-03')
  expect(dayWords('', 'zh')).toBe('')
})
