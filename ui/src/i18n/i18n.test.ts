import { expect, test } from 'vitest'
import { lang, NAMED, refusalText } from '.'
import { errorsEn, errorsZh } from './errors'
import { en, zh } from './words'

const sources = import.meta.glob<string>(
  ['../**/*.ts', '../**/*.vue', '!../**/*.test.ts', '!./{zh,en}/**'],
  {
    query: '?raw',
    import: 'default',
    eager: true,
  },
)

/** Keys as they stand in the code: whole, or as a template whose gaps may be anything. */
function usedKeys(): { whole: Set<string>; patterns: RegExp[] } {
  const whole = new Set<string>()
  const patterns: RegExp[] = []
  for (const code of Object.values(sources)) {
    for (const [, key] of code.matchAll(/['"]([\w-]+(?:\.[\w-]+)*)['"]/g)) if (key) whole.add(key)
    for (const [, key] of code.matchAll(/`([\w-]+\.[^`\s]*\$\{[^`]*)`/g)) {
      if (!key) continue
      const parts = key.split(/\$\{[^}]*\}/).map((part) => part.replaceAll('.', '\\.'))
      patterns.push(new RegExp(`^${parts.join('[\\w-]+')}$`))
    }
  }
  return { whole, patterns }
}

test('every message is used somewhere', () => {
  const { whole, patterns } = usedKeys()
  const unused = Object.keys(zh).filter(
    (key) => !whole.has(key) && !patterns.some((p) => p.test(key)),
  )
  expect(unused).toEqual([])
})

test('both languages have the same keys and the same gaps', () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort())
  const gaps = (words: string): string[] =>
    [...words.matchAll(/\{(\w+)\}/g)].map((m) => m[1] ?? '').sort()
  const differing = (Object.keys(zh) as (keyof typeof zh)[]).filter(
    (key) => [...new Set(gaps(zh[key]))].join() !== [...new Set(gaps(en[key]))].join(),
  )
  expect(differing, 'a value that only one language shows').toEqual([])
})

test('Chinese sentences use full-width punctuation', () => {
  const words = [...Object.values(zh), ...Object.values(errorsZh).flatMap((e) => Object.values(e))]
  expect(words.filter((w) => /[\u4e00-\u9fff][,;?!]/.test(w))).toEqual([])
})

test('every field that a refusal can name has words in both languages', () => {
  for (const [tongue, words] of [['zh', zh] as const, ['en', en] as const]) {
    lang.value = tongue
    for (const [field, key] of Object.entries(NAMED)) {
      const said = refusalText({ code: 'row_invalid', params: { field } }).what
      expect(said, field).toBe(tongue === 'zh' ? `${words[key]}没填对` : `Not right: ${words[key]}`)
    }
  }
  lang.value = 'zh'
  expect(Object.values(NAMED).filter((key) => /^[a-z_ ]*$/.test(zh[key]))).toEqual([])
})

test('an error has the same gaps in both languages', () => {
  const gaps = (words: object): string =>
    [
      ...Object.values(words)
        .join(' ')
        .matchAll(/\{(\w+)\}/g),
    ]
      .map((m) => m[1])
      .sort()
      .filter((name, i, all) => name !== all[i - 1])
      .join()
  const differing = (Object.keys(errorsZh) as (keyof typeof errorsZh)[]).filter(
    (code) => gaps(errorsZh[code]) !== gaps(errorsEn[code]),
  )
  expect(differing).toEqual([])
})

test('an error says what happened and what to do, and fills its values', () => {
  for (const texts of [errorsZh, errorsEn]) {
    for (const [code, words] of Object.entries(texts)) {
      expect(words.what, code).not.toBe('')
      expect(words.todo, code).not.toBe('')
    }
  }
  lang.value = 'zh'
  const refusal = {
    code: 'item_too_early' as const,
    params: { item: '先铺垫布', item_en: 'Lay the mat' },
  }
  expect(refusalText(refusal).what).toBe('先做「先铺垫布」，这一项才能记')
  lang.value = 'en'
  expect(refusalText(refusal).what).toBe('“Lay the mat” comes first')
  expect(refusalText({ code: 'milestone_order', params: { milestone: 'at_door' } }).todo).toContain(
    'At the door',
  )
  lang.value = 'zh'
})

test('why a standard is broken is said in the language of the screens', () => {
  const params = { file: 'a.toml', line: '1', reason: '文件是空的', reason_en: 'The file is empty' }
  const refusal = { code: 'pack_broken' as const, params }
  lang.value = 'en'
  expect(refusalText(refusal).what).toBe('Standard a.toml, line 1: The file is empty')
  lang.value = 'zh'
  expect(refusalText(refusal).what).toBe('服务规范 a.toml 第 1 行有误：文件是空的')
})
