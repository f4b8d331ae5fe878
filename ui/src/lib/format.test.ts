import { expect, test } from 'vitest'
import { readTime } from './clock'
import {
  bytes,
  countdown,
  date,
  dayHm,
  hm,
  isoDate,
  minus,
  minutes,
  minutesTo,
  momentOf,
  plusMinutes,
  range,
} from './format'
import { spaced } from './phone'

const two = { ms: Date.UTC(2026, 10, 22, 6, 0), offset_min: 480 }

test('times and dates are the site’s own, whatever zone the machine is in', () => {
  expect(hm(two)).toBe('14:00')
  expect(date(two, 'zh')).toBe('11月22日 周日')
  expect(date(two, 'en')).toBe('Sun 22 Nov')
  const xinjiang = { ms: Date.UTC(2026, 10, 21, 18, 10), offset_min: 360 }
  expect(isoDate(xinjiang), 'ten past midnight keeps its day').toBe('2026-11-22')
  expect(dayHm(plusMinutes(two, 24 * 60), two, 'zh')).toBe('11月23日 周一 14:00')
  expect(momentOf('2026-11-22', '14:00', 480)).toEqual(two)
  expect(momentOf('2026-11-22', '下午', 480)).toBeNull()
})

test('figures have a true minus, ranges an en dash, minutes their unit', () => {
  expect(minus('-21.6')).toBe('−21.6')
  expect(range(5, 10)).toBe('5–10')
  expect(minutes(80, 'zh')).toBe('1 小时 20 分钟')
  expect(minutes(-60, 'en')).toBe('1 h')
  expect(minutesTo(two, plusMinutes(two, -3))).toBe(-3)
  expect(bytes(86_000)).toBe('86 KB')
  expect(bytes(2_800_000)).toBe('2.8 MB')
})

test('times are read as people type them', () => {
  expect(['1400', '14:00', '14：00', '930', '9', ' 8.30 '].map(readTime)).toEqual([
    '14:00',
    '14:00',
    '14:00',
    '09:30',
    '09:00',
    '08:30',
  ])
  expect(['24:00', '12:60', '两点', ''].map(readTime)).toEqual([null, null, null, null])
})

test('a mobile number is grouped for reading out', () => {
  expect(spaced('13812341234')).toBe('138 1234 1234')
  expect(spaced('0571-87654321')).toBe('0571-87654321')
})

test('what is left until the next try is said in steps that a person sees pass', () => {
  expect(countdown(160_000, 'zh')).toBe('2 分 40 秒')
  expect(countdown(160_000, 'en')).toBe('2 min 40 s')
  expect(countdown(39_200, 'zh')).toBe('40 秒')
  expect(countdown(300_000, 'zh')).toBe('5 分钟')
  expect(countdown(5_400_000, 'zh')).toBe('1 小时 30 分钟')
  expect(countdown(-5, 'zh')).toBe('0 秒')
})
