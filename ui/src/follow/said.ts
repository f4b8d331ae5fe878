import type { Moment, Promised } from '@/backend'
import { later } from '@/lib/format'

/** What was said to the customer about an issue. */
export interface Said {
  at: Moment
  /** Verbatim as typed. */
  words: string
  promise: Promised
}

/** Nothing typed yet; said now, and never before `since`. */
export const nothingSaid = (now: Moment, since: Moment, promise: Promised): Said => ({
  at: later(now, since),
  words: '',
  promise,
})
