// How times, dates and figures are written. Times are shown at the site's own offset.
import type { Lang, Moment } from '@/backend'

const WEEKDAYS = {
  zh: ['周日', '周一', '周二', '周三', '周四', '周五', '周六'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
} as const
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** The local calendar of a moment, read through UTC so that the machine's own zone plays no part. */
function local(at: Moment): Date {
  return new Date(at.ms + at.offset_min * 60_000)
}

const two = (n: number): string => String(n).padStart(2, '0')

/** `13:52` */
export function hm(at: Moment): string {
  const d = local(at)
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`
}

/** `11月22日 周日`, `Sun 22 Nov` */
export function date(at: Moment, lang: Lang): string {
  const d = local(at)
  const weekday = WEEKDAYS[lang][d.getUTCDay()] ?? ''
  if (lang === 'zh') return `${d.getUTCMonth() + 1}月${d.getUTCDate()}日 ${weekday}`
  return `${weekday} ${d.getUTCDate()} ${MONTHS[d.getUTCMonth()] ?? ''}`
}

/** Whether two moments fall on the same day of the site. */
export function sameDay(a: Moment, b: Moment): boolean {
  return isoDate(a) === isoDate(b)
}

/** `13:52` today, `11月23日 周一 09:00` on any other day. */
export function dayHm(at: Moment, now: Moment, lang: Lang): string {
  return sameDay(at, now) ? hm(at) : `${date(at, lang)} ${hm(at)}`
}

/** `2026-11-22` */
export function isoDate(at: Moment): string {
  const d = local(at)
  return `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`
}

/** Reads `2026-11-22` and `14:00` as a moment at `offset` minutes; null when one is not a date or time. */
export function momentOf(isoDay: string, time: string, offset: number): Moment | null {
  const utc = Date.parse(`${isoDay}T${time}:00Z`)
  return Number.isNaN(utc) ? null : { ms: utc - offset * 60_000, offset_min: offset }
}

/** The moment `minutes` later. */
export function plusMinutes(at: Moment, minutes: number): Moment {
  return { ms: at.ms + minutes * 60_000, offset_min: at.offset_min }
}

/** The later of two moments: the page's clock moves every few seconds and may lag behind what was just recorded. */
export function later(a: Moment, b: Moment): Moment {
  return a.ms < b.ms ? { ...b } : { ...a }
}

/** Whole minutes from `now` to `at`, rounded towards the earlier minute left; negative when passed. */
export function minutesTo(now: Moment, at: Moment): number {
  return Math.trunc((at.ms - now.ms) / 60_000)
}

/** A figure with the typographic minus: `−21.6`. */
export function minus(value: string | number): string {
  return String(value).replace('-', '\u2212')
}

/** `5–10` */
export function range(from: number, to: number): string {
  return `${minus(from)}\u2013${minus(to)}`
}

/** `16 分钟`, `1 小时 20 分钟`; `16 min`, `1 h 20 min`. Without a sign. */
export function minutes(count: number, lang: Lang): string {
  const all = Math.abs(count)
  const hours = Math.floor(all / 60)
  const rest = all % 60
  const [h, m] = lang === 'zh' ? ['小时', '分钟'] : ['h', 'min']
  if (hours === 0) return `${rest} ${m}`
  return rest === 0 ? `${hours} ${h}` : `${hours} ${h} ${rest} ${m}`
}

/** What is left until a moment, in steps that a person sees pass: `2 分 40 秒`; `2 min 40 s`. */
export function countdown(ms: number, lang: Lang): string {
  const all = Math.max(0, Math.ceil(ms / 1000))
  if (all >= 3600) return minutes(Math.round(all / 60), lang)
  const [m, s] = lang === 'zh' ? ['分', '秒'] : ['min', 's']
  const seconds = `${all % 60} ${s}`
  if (all < 60) return seconds
  return all % 60 === 0 ? minutes(all / 60, lang) : `${Math.floor(all / 60)} ${m} ${seconds}`
}

/** `86 KB`, `2.8 MB` */
export function bytes(count: number): string {
  if (count < 1_000_000) return `${Math.ceil(count / 1000)} KB`
  return `${(count / 1_000_000).toFixed(1)} MB`
}
