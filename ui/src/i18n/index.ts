// Words of the screens: Chinese is the source, English has the same keys (the type checker says so).
import { computed, ref, shallowRef, type ComputedRef } from 'vue'
import type { Field, Lang, Milestone, Refusal } from '@/backend'
import type { ErrorText } from './errors'
import { common } from './zh/common'
import { today } from './zh/today'

type Words = typeof import('./words')
/** Key of a message. */
export type MessageKey = keyof Words['zh']

/** Today in Chinese comes with the program; {@link readWords} brings the rest. */
const messages: Record<Lang, Partial<Record<MessageKey, string>>> = {
  zh: { ...common, ...today },
  en: {},
}
/** Set once all words are there: what lacked one looks again. */
const errors = shallowRef<Words['ERRORS'] | null>(null)
let reading: Promise<void> | null = null

/** Reads the words of all screens, once. */
export function readWords(): Promise<void> {
  reading ??= import('./words').then((words) => {
    Object.assign(messages, words.MESSAGES)
    errors.value = words.ERRORS
  })
  return reading
}

/** Reads what is loaded later, and all words with it. */
export async function withWords<T>(later: Promise<T>): Promise<T> {
  const [read] = await Promise.all([later, readWords()])
  return read
}

/** Language of the screens. The session sets it; the hand-over screen may change it for the customer. */
export const lang = ref<Lang>('zh')

type Params = Record<string, string | number>
/** Says a message in the language of the screens. */
export type TextFn = (key: MessageKey, params?: Params) => string

function fill(text: string, params: Params): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole))
}

/** The words of a message; whoever asks too early is told again when they are there. */
function wordsOf(key: MessageKey): string {
  return messages[lang.value][key] ?? (errors.value ? key : '')
}

/** Says a message; reactive, because it reads {@link lang}. */
export const text: TextFn = (key, params = {}) => fill(wordsOf(key), params)

/** The message function for a component. */
export function useText(): TextFn {
  return text
}

/** The language for a component. */
export function useLang(): ComputedRef<Lang> {
  return computed(() => lang.value)
}

/** Words that refusals carry for fields and milestones; typed over the generated unions, so none lacks a name. */
export const NAMED: Record<Field | Milestone, MessageKey> = {
  departed: 'milestone.departed',
  downstairs: 'milestone.downstairs',
  at_door: 'milestone.at_door',
  entered: 'milestone.entered',
  left: 'milestone.left',
  name: 'field.name',
  sn: 'field.sn',
  mac: 'field.mac',
  quantity: 'field.quantity',
  unit: 'field.unit',
  unit_price: 'field.unitPrice',
  channel: 'field.channel',
  row: 'field.row',
  customer: 'field.customer',
  phone: 'field.phone',
  address: 'field.address',
  job: 'field.job',
}

/** Values of a refusal's sentence; Rust sends what it words itself twice: `item` or `reason` (zh), and `item_en`, `reason_en`. */
function sentenceParams(refusal: Refusal): Params {
  const params: Params = {}
  for (const [name, value] of Object.entries(refusal.params)) {
    const english = lang.value === 'en' ? refusal.params[`${name}_en`] : undefined
    const key =
      name === 'milestone' || name === 'field' ? NAMED[value as keyof typeof NAMED] : undefined
    params[name] = key ? text(key) : (english ?? value)
  }
  return params
}

/** Stands for a sentence that is still being read. */
const UNREAD: ErrorText = { what: '', todo: '' }

/** What happened, that nothing is lost (when true), and what to do now. */
export function refusalText(refusal: Refusal): ErrorText {
  const known = errors.value?.[lang.value]
  const words = known?.[refusal.code] ?? known?.internal ?? UNREAD
  const params = sentenceParams(refusal)
  const say = (line: string): string => fill(line, params)
  return {
    what: say(words.what),
    todo: say(words.todo),
    ...(words.safe === undefined ? {} : { safe: say(words.safe) }),
  }
}
