// Words of the screens: Chinese is the source, English has the same keys (the type checker says so).
import { computed, ref, type ComputedRef } from 'vue'
import type { Code, Field, Lang, Milestone, Refusal } from '@/backend'
import { assess as enAssess } from './en/assess'
import { common as enCommon } from './en/common'
import { desk as enDesk } from './en/desk'
import { follow as enFollow } from './en/follow'
import { office as enOffice } from './en/office'
import { packs as enPacks } from './en/packs'
import { setup as enSetup } from './en/setup'
import { today as enToday } from './en/today'
import { visit as enVisit } from './en/visit'
import { errorsEn, errorsZh, type ErrorText } from './errors'
import { assess } from './zh/assess'
import { common } from './zh/common'
import { desk } from './zh/desk'
import { follow } from './zh/follow'
import { office } from './zh/office'
import { packs } from './zh/packs'
import { setup } from './zh/setup'
import { today } from './zh/today'
import { visit } from './zh/visit'

export const zh = {
  ...assess,
  ...common,
  ...desk,
  ...follow,
  ...packs,
  ...setup,
  ...today,
  ...visit,
  ...office,
} as const
/** Key of a message. */
export type MessageKey = keyof typeof zh
export const en: Record<MessageKey, string> = {
  ...enAssess,
  ...enCommon,
  ...enDesk,
  ...enFollow,
  ...enPacks,
  ...enSetup,
  ...enToday,
  ...enVisit,
  ...enOffice,
}

const MESSAGES: Record<Lang, Record<MessageKey, string>> = { zh, en }
const ERRORS: Record<Lang, Record<Code, ErrorText>> = { zh: errorsZh, en: errorsEn }

/** Language of the screens. The session sets it; the hand-over screen may change it for the customer. */
export const lang = ref<Lang>('zh')

type Params = Record<string, string | number>
/** Says a message in the language of the screens. */
export type TextFn = (key: MessageKey, params?: Params) => string

function fill(text: string, params: Params): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole))
}

/** Says a message; reactive, because it reads {@link lang}. */
export const text: TextFn = (key, params = {}) => fill(MESSAGES[lang.value][key], params)

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

/** What happened, that nothing is lost (when true), and what to do now. */
export function refusalText(refusal: Refusal): ErrorText {
  const words = ERRORS[lang.value][refusal.code] ?? ERRORS[lang.value].internal
  const params = sentenceParams(refusal)
  const say = (line: string): string => fill(line, params)
  return {
    what: say(words.what),
    todo: say(words.todo),
    ...(words.safe === undefined ? {} : { safe: say(words.safe) }),
  }
}
