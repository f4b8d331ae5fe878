import type { ItemView, Milestone, Moment, OrderCard } from '@/backend'
import { lang, type TextFn } from '@/i18n'
import { date, hm, momentOf } from '@/lib/format'

/** What the order is about, in a few words: `宽带新装`. */
export const jobText = (t: TextFn, order: OrderCard) => order.service || t(`job.${order.job}`)

/** The facts that 核对 is about, as one line. */
export const orderFacts = (order: OrderCard) =>
  [order.customer, order.address, order.service].filter(Boolean).join(' · ')

/** A milestone as it is spoken of: 到楼下, 进门. */
export const milestoneText = (t: TextFn, milestone: Milestone) => t(`milestone.${milestone}`)

/** The device's time at the offset of the place of the visit. */
export const momentAt = (now: Moment, place: Moment): Moment => ({
  ms: now.ms,
  offset_min: place.offset_min,
})

/** `2026-11-22 13:52` as `11月22日 周日 13:52`; null when there is none. */
export function dateTimeWords(stamp: string | null): string | null {
  if (!stamp) return null
  const [day = '', time = ''] = stamp.split(' ')
  const at = momentOf(day, time, 0)
  return at ? `${date(at, lang.value)} ${time}` : stamp
}

/** The answer to a question as one says it: 有没有…、…有…吗 is answered with 有 or 没有, any other with 是 or 否. */
export function yesNo(t: TextFn, question: string, value: boolean): string {
  if (/有没有|有.*吗/.test(question)) return t(value ? 'question.some' : 'question.none')
  return t(value ? 'question.yes' : 'question.no')
}

/** First words of a text, for places where the whole does not matter (the next key). */
export const brief = (text: string, most = 12) =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text

/** What the customer said to a row's statement; undefined before that. */
export function consentWords(t: TextFn, item: ItemView): string | undefined {
  const given = item.evidence.kind === 'consent' ? item.evidence.given : null
  if (!given) return undefined
  const facts = { who: given.signer, reason: given.reason ?? '', at: hm(given.at) }
  return t(`consent.said.${given.outcome}`, facts)
}

/** Which gear is out of date or not recorded, else that all is well. */
export function gearWords(t: TextFn, item: ItemView): string {
  if (item.evidence.kind !== 'auto_gear') return ''
  const bad = item.evidence.pieces.filter(
    (p) => p.standing === 'expired' || p.standing === 'unrecorded',
  )
  if (bad.length === 0) return t('gear.good')
  const names = t('gear.bad', { names: bad.map((p) => p.name).join(t('list.comma')) })
  const said = item.answer?.type === 'gear' ? item.answer.reason : null
  return said ? `${names} · ${said}` : names
}
