import type { VisitView } from '@/backend'

/** One entry of the rail or the strip. */
export interface PhaseMark {
  id: string
  name: string
  done: number
  total: number
  now: boolean
  complete: boolean
  /** How many things are missing; 0 where they are not counted. */
  missing: number
}

/** The rail's entries; with `missing` each says what it lacks instead of what it has. */
export function phaseMarks(view: VisitView, current: string, missing: boolean): PhaseMark[] {
  return view.phases.map((phase) => ({
    id: phase.id,
    name: phase.name,
    done: phase.done,
    total: phase.total,
    now: phase.id === current,
    complete: phase.done >= phase.total,
    missing: missing ? view.missing.filter((m) => m.phase === phase.id).length : 0,
  }))
}
