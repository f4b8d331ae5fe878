import { describe, expect, test } from 'vitest'
import {
  amountOf,
  draftOf,
  rowOf,
  suppliesOf,
  tidyMac,
  tidyNumber,
  tidySn,
  wanting,
} from './rowForm'

describe('a device row', () => {
  test('a scanner that types is tidied', () => {
    expect(tidySn(' SN: 48db2a7c1907 ')).toBe('48DB2A7C1907')
    expect(tidyMac('48db2a7c1907')).toBe('48:DB:2A:7C:19:07')
    expect(tidyMac('48-DB-2A-7C-19-07')).toBe('48:DB:2A:7C:19:07')
    expect(tidyMac('没有')).toBe('没有')
  })

  test('name and serial number are wanted, MAC is not', () => {
    expect(wanting('devices', draftOf(null))).toEqual(['name', 'sn'])
    const half = { ...draftOf(null), name: '光猫', sn: 'a1', mac: '48DB2A' }
    expect(wanting('devices', half)).toEqual(['mac'])
    const draft = { ...draftOf(null), name: '光猫', sn: 'a1' }
    expect(rowOf('devices', draft)).toEqual({
      list: 'devices',
      name: '光猫',
      sn: 'A1',
      mac: '',
      action: 'installed',
    })
  })
})

describe('amounts', () => {
  test('full-width figures count, words, minus and too many decimals do not', () => {
    expect(tidyNumber('１８．５')).toBe('18.5')
    expect(tidyNumber('007')).toBe('7')
    expect(tidyNumber('-3')).toBeNull()
    expect(tidyNumber('三')).toBeNull()
    expect(tidyNumber('1.23456')).toBeNull()
    expect(tidyNumber('0')).toBeNull()
  })

  test('a fee keeps when it was told and agreed', () => {
    const told_at = { ms: 1, offset_min: 480 }
    const agreed_at = { ms: 2, offset_min: 480 }
    const told = { ...draftOf(null), name: '加长皮线', price: '3.5', quantity: '10', told_at }
    expect(wanting('fees', told)).toEqual(['agreed'])
    const fee = { ...told, agreed_at }
    expect(rowOf('fees', fee)).toEqual({
      list: 'fees',
      name: '加长皮线',
      unit_price: '3.5',
      quantity: '10',
      told_at,
      agreed_at,
      channel: null,
    })
    const row = rowOf('fees', fee)
    expect(row && rowOf('fees', draftOf(row))).toEqual(row)
  })

  test('a material without a unit is not sent', () => {
    expect(rowOf('materials', { ...draftOf(null), name: '皮线', quantity: '18' })).toBeNull()
  })
})

test('what was handed out can be tapped instead of typed', () => {
  expect(suppliesOf('光猫 G-2101 ×1、皮线 20 m，光猫 G-2101×1台')).toEqual([
    '光猫 G-2101',
    '皮线 20 m',
  ])
  expect(suppliesOf(null)).toEqual([])
})

test('what a fee comes to is said while it is typed', () => {
  expect(amountOf('100.00', '2.5')).toBe('250.00')
  expect(amountOf('60', '1.5')).toBe('90.00')
  expect(amountOf('0.1', '0.3')).toBe('0.03')
  expect(amountOf('33.33', '0.3333')).toBe('11.11')
  expect(amountOf('0.1', '0.04')).toBe('0.00')
  expect(amountOf('0.1', '0.05'), 'half a cent is one').toBe('0.01')
  expect(amountOf('', '2')).toBeNull()
  expect(amountOf('12', '两')).toBeNull()
})
