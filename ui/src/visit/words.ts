import type { Milestone, Moment, OrderCard } from '@/backend'
import { lang, type TextFn } from '@/i18n'
import { date, momentOf } from '@/lib/format'

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

/** First words of a text, for places where the whole does not matter (the next key). */
export const brief = (text: string, most = 12) =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text
