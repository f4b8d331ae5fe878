import { afterEach, expect, test, vi } from 'vitest'
import { consentWords, gearWords, yesNo } from './words'
import { draftOf, rowOf } from './rows/rowForm'
import { useText } from '@/i18n'
import type { ItemView } from '@/backend'

afterEach(() => vi.restoreAllMocks())

const row = (evidence: ItemView['evidence']): ItemView => ({
  ...{ id: 'x', text: 'x', note: null, required: true, mismatch: false, status: 'open' },
  ...{ blocked_by: null, frozen: false, answer: null, at: null, late: null, photos: [] },
  ...{ photo_rule: null, na_reasons: [], clauses: [] },
  evidence,
})

test('a row says what the customer said to its statement', () => {
  const t = useText()
  const at = { ms: 0, offset_min: 480 }
  const said = (outcome: 'signed' | 'refused' | 'unable'): string | undefined =>
    consentWords(
      t,
      row({
        kind: 'consent',
        statement: '我同意开孔',
        given: { outcome, signer: '林女士', relation: 'customer', reason: '要和家人商量', at },
      }),
    )
  expect(said('signed')).toBe('林女士已签 08:00')
  expect(said('refused')).toBe('林女士没同意：要和家人商量')
  expect(consentWords(t, row({ kind: 'consent', statement: '', given: null }))).toBeUndefined()
})

test('a row names the gear that is out of date', () => {
  const t = useText()
  const piece = (name: string, standing: 'good' | 'soon' | 'expired' | 'unrecorded') => ({
    ...{ id: name, name, months: 6, since: null, due: null, days_left: null, clauses: [] },
    standing,
  })
  const words = (...pieces: ReturnType<typeof piece>[]): string =>
    gearWords(t, row({ kind: 'auto_gear', pieces }))
  expect(words(piece('安全帽', 'good'), piece('绝缘鞋', 'soon'))).toBe('都在有效期内')
  expect(words(piece('安全帽', 'expired'), piece('绝缘鞋', 'unrecorded'))).toBe(
    '安全帽、绝缘鞋过期或没登记',
  )
})

test('a fee keeps the price of the list that it follows', () => {
  const at = { ms: 0, offset_min: 480 }
  const draft = {
    ...draftOf(null),
    ...{ name: '加长管', price: '100.00', quantity: '2.5', unit: '米', priceId: 'pipe' },
    ...{ told_at: at, agreed_at: at },
  }
  const fee = rowOf('fees', draft)
  expect(fee).toMatchObject({ price: 'pipe', unit: '米', unit_price: '100.00', quantity: '2.5' })
  expect(draftOf(fee).priceId).toBe('pipe')
  expect(rowOf('fees', { ...draft, priceId: '' })).not.toHaveProperty('price')
})

test('a question is answered as one says it', () => {
  const t = useText()
  const said = (question: string): string[] => [true, false].map((v) => yesNo(t, question, v))
  expect(said('有没有碰坏东西？')).toEqual(['有', '没有'])
  expect(said('这一单有电话吗？')).toEqual(['有', '没有'])
  expect(said('是制冷系统问题吗？')).toEqual(['是', '否'])
  expect(said('要打开机箱吗？')).toEqual(['是', '否'])
})
