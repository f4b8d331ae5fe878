// Made-up protective gear: one piece that is good, one that was never recorded.
import { refuse } from '..'
import type { GearView, Moment } from '../types'

const DAY = 86_400_000
const since = new Map<string, string>([['helmet', '2026-03-01']])
const KNOWN = [
  { id: 'helmet', name: '安全帽', months: 30 },
  { id: 'insulated-shoes', name: '绝缘鞋', months: 6 },
]

function dueOf(day: string, months: number): string {
  const due = new Date(`${day}T00:00:00Z`)
  due.setUTCMonth(due.getUTCMonth() + months)
  return due.toISOString().slice(0, 10)
}

/** Every piece as it stands at `now`. */
export function pieces(now: Moment): GearView[] {
  const today = Math.floor((now.ms + now.offset_min * 60_000) / DAY)
  return KNOWN.map(({ id, name, months }) => {
    const day = since.get(id) ?? null
    const due = day && dueOf(day, months)
    const days_left = due ? Date.parse(`${due}T00:00:00Z`) / DAY - today : null
    const standing =
      days_left === null
        ? 'unrecorded'
        : days_left < 0
          ? 'expired'
          : days_left <= 30
            ? 'soon'
            : 'good'
    return { id, name, months, since: day, due, days_left, standing, clauses: [] }
  })
}

/** A piece taken into use on `day`. */
export function recordPiece(id: string, day: string, now: Moment): GearView[] {
  if (!KNOWN.some((p) => p.id === id)) throw refuse('item_unknown', { item: id })
  since.set(id, day)
  return pieces(now)
}
