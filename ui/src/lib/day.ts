// Calendar days as text, `2025-05-03`: taken apart, put together, written for people.
import type { Lang } from '@/backend'

/** A day in figures; the month counts from 1. */
export interface DayParts {
  year: number
  month: number
  day: number
}

const two = (n: number): string => String(n).padStart(2, '0')

/** `2025-05-03`. */
export const isoOf = ({ year, month, day }: DayParts): string => `${year}-${two(month)}-${two(day)}`

/** Reads `2025-05-03`; null when it is not written so. */
export function partsOf(iso: string): DayParts | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(iso)
  return match ? { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) } : null
}

/** How many days a month has. */
export const daysIn = (year: number, month: number): number =>
  new Date(Date.UTC(year, month, 0)).getUTCDate()

/** `2025年5月3日`; in English as it is written. Anything else comes back unchanged. */
export function dayWords(iso: string, lang: Lang): string {
  const parts = partsOf(iso)
  return parts && lang === 'zh' ? `${parts.year}年${parts.month}月${parts.day}日` : iso
}
