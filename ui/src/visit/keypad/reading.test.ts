import { describe, expect, test } from 'vitest'
import {
  blank,
  fromText,
  fromValue,
  gauge,
  press,
  toValue,
  within,
  type Key,
  type Typed,
} from './reading'

const type = (start: Typed, keys: Key[], decimals = 2) =>
  keys.reduce((typed, key) => press(typed, key, 'negative', decimals), start)

describe('typing a reading', () => {
  test('optical power needs no minus key', () => {
    expect(toValue(type(blank('negative'), ['2', '1', 'dot', '6']))).toBe('-21.6')
  })

  test('a second dot, a third decimal and an eighth digit are not taken', () => {
    expect(toValue(type(blank('negative'), ['2', 'dot', '1', 'dot', '5', '9']))).toBe('-2.15')
    expect(type(blank('negative'), ['dot'], 0).digits).toBe('')
    const long = type(blank('negative'), ['1', '2', '3', '4', '5', '6', '7', '8'])
    expect(long.digits).toBe('1234567')
  })

  test('back takes one digit, clear takes all, half a number is none', () => {
    const typed = type(blank('negative'), ['2', '1', 'dot'])
    expect(toValue(typed)).toBe('-21')
    expect(toValue(press(typed, 'clear', 'negative', 2))).toBeNull()
    expect(press(typed, 'back', 'negative', 2).digits).toBe('21')
  })

  test('zero has no sign and leading zeros fall away', () => {
    expect(toValue({ digits: '0.0', negative: true })).toBe('0.0')
    expect(toValue({ digits: '007.5', negative: true })).toBe('-7.5')
  })

  test('a keyboard, a full-width keyboard and a stored value come to the same', () => {
    expect(toValue(fromText('-21.6', 'negative', 2))).toBe('-21.6')
    expect(toValue(fromText('２１．６', 'negative', 2))).toBe('-21.6')
    expect(toValue(fromText('−5', 'any', 0))).toBe('-5')
    expect(toValue(fromText('−5', 'positive', 0))).toBe('5')
    expect(toValue(fromValue('-21.6', 'negative'))).toBe('-21.6')
  })
})

describe('the limit bar', () => {
  test('limits stand at fixed places and the value between them', () => {
    const bar = gauge('-21.6', '-27', '-8', null)
    expect(bar?.from).toBe(13)
    expect(bar?.to).toBe(85)
    expect(bar?.mark).toBeCloseTo(33.46, 2)
  })

  test('a value far outside stays on the bar', () => {
    expect(gauge('-90', '-27', '-8', null)?.mark).toBe(1)
    expect(gauge('3', '-27', '-8', null)?.mark).toBe(99)
  })

  test('a speed is laid against the contract, open to the right', () => {
    const bar = gauge('1000', '900', null, 1000)
    expect(bar?.mark).toBe(85)
    expect(bar?.to).toBe(100)
    expect(gauge('5', null, null, null)).toBeNull()
  })

  test('limits themselves are inside', () => {
    expect(within('-27', '-27', '-8')).toBe(true)
    expect(within('-27.1', '-27', '-8')).toBe(false)
    expect(within('940', '900', null)).toBe(true)
    expect(within(null, '900', null)).toBeNull()
    expect(within('1', null, null)).toBeNull()
  })
})
