// The made-up day: 22 November 2026, a Sunday, 13:22 in Hangzhou.
import type { Moment } from '../types'

const OFFSET = 480
const DAY = Date.UTC(2026, 10, 22) - OFFSET * 60_000

/** `at('14:00')`, `at('09:00', 1)` for tomorrow. */
export function at(hm: string, days = 0): Moment {
  const [hour = 0, minute = 0] = hm.split(':').map(Number)
  return { ms: DAY + ((days * 24 + hour) * 60 + minute) * 60_000, offset_min: OFFSET }
}

/** The same moment `minutes` later. */
export function later(moment: Moment, minutes: number): Moment {
  return { ...moment, ms: moment.ms + minutes * 60_000 }
}

/** Whole minutes from one moment to another. */
export function between(from: Moment, to: Moment): number {
  return Math.trunc((to.ms - from.ms) / 60_000)
}
