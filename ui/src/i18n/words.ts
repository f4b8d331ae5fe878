// Every word of the screens in both languages: a chunk of its own, read once the first picture stands.
import type { Code, Lang } from '@/backend'
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

/** Chinese is the source. */
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
/** English has the keys of the Chinese. */
export const en: Record<keyof typeof zh, string> = {
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

/** Messages by language. */
export const MESSAGES: Record<Lang, Record<keyof typeof zh, string>> = { zh, en }
/** What to say of a refusal, by language. */
export const ERRORS: Record<Lang, Record<Code, ErrorText>> = { zh: errorsZh, en: errorsEn }
