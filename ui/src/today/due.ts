// The next deadline of an order as one sentence, and its state as a chip.
import type { Moment, RowState, TodayRow } from '@/backend'
import type { IconName } from '@/components/icons'
import type { MessageKey } from '@/i18n'
import { minutesTo } from '@/lib/format'

export type Tone = 'idle' | 'soon' | 'breach'

/** A sentence about what comes next; `at`, `from` and `by` are times, `left` minutes. */
export interface Due {
  tone: Tone
  icon: IconName
  key: MessageKey
  at: Moment | null
  from: Moment | null
  left: number | null
}

const SOON_MINUTES = 60
const RED_MINUTES = 10

/** How near: amber in the last hour, red in the last ten minutes and after. */
export function toneOf(left: number): Tone {
  if (left <= RED_MINUTES) return 'breach'
  return left <= SOON_MINUTES ? 'soon' : 'idle'
}

function due(key: MessageKey, icon: IconName, more: Partial<Due> = {}): Due {
  return { tone: 'idle', icon, key, at: null, from: null, left: null, ...more }
}

const STAGES: Partial<Record<NonNullable<TodayRow['stage']>, Due>> = {
  downstairs: due('today.due.downstairs', 'pin'),
  at_door: due('today.due.at_door', 'door'),
  inside: due('today.due.inside', 'home'),
  customer_signed: due('today.due.signed', 'pen', { tone: 'soon' }),
}

function arrive(row: TodayRow, now: Moment): Due | null {
  if (!row.arrive_by) return null
  const left = minutesTo(now, row.arrive_by)
  const passed = now.ms > row.arrive_by.ms
  if (passed) return due('today.due.late', 'alert', { tone: 'breach', at: row.arrive_by, left })
  const key = row.arrive_from ? 'today.due.window' : 'today.due.arrive'
  return due(key, 'go', { tone: toneOf(left), from: row.arrive_from, at: row.arrive_by, left })
}

/** The sentence under an order, or none when nothing is due. */
export function dueOf(row: TodayRow, now: Moment): Due | null {
  if (row.state === 'returned_for_mending') return due('today.due.mend', 'undo', { tone: 'soon' })
  if (row.state === 'suspended' && row.call_back_by) {
    const left = minutesTo(now, row.call_back_by)
    return due('today.due.callBack', 'clock', { tone: toneOf(left), at: row.call_back_by, left })
  }
  if (row.state === 'suspended')
    return due('today.due.suspended', 'clock', { at: row.submitted_at })
  if (['completed', 'returned', 'nobody_home', 'cancelled'].includes(row.state)) return null
  const stage = row.stage ? STAGES[row.stage] : undefined
  if (stage) return stage
  if (row.stage === 'departed') return arrive(row, now) ?? due('today.due.departed', 'go')
  if (!row.agreed) return due('today.due.confirm', 'phone', { at: row.at })
  if (row.change_by && now.ms <= row.change_by.ms) {
    const left = minutesTo(now, row.change_by)
    return due('today.due.change', 'clock', { tone: toneOf(left), at: row.change_by, left })
  }
  return arrive(row, now)
}

/** Icon and colour of a state; the word stands beside it. */
export const CHIPS: Record<
  RowState,
  { tone: 'idle' | 'done' | 'soon' | 'breach' | 'act'; icon: IconName }
> = {
  to_contact: { tone: 'idle', icon: 'phone' },
  appointed: { tone: 'idle', icon: 'check' },
  soon: { tone: 'soon', icon: 'clock' },
  late: { tone: 'breach', icon: 'alert' },
  underway: { tone: 'act', icon: 'go' },
  unsubmitted: { tone: 'soon', icon: 'info' },
  returned_for_mending: { tone: 'soon', icon: 'undo' },
  completed: { tone: 'done', icon: 'check' },
  suspended: { tone: 'idle', icon: 'pause' },
  returned: { tone: 'idle', icon: 'undo' },
  nobody_home: { tone: 'idle', icon: 'home' },
  cancelled: { tone: 'idle', icon: 'ban' },
}
