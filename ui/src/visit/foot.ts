import type { Milestone, PhaseView, VisitView } from '@/backend'
import type { TextFn } from '@/i18n'
import { nextMilestone, wayIsOver } from './door/door'
import { milestoneText } from './words'

/** What the one blue button of a phase does. */
export type Primary =
  | { does: 'reach'; milestone: Milestone; go: string | null }
  | { does: 'go'; phase: string }
  | { does: 'handover' }
  | { does: 'technician' }
  | { does: 'missing' }
  | { does: 'nobody' }
  | { does: 'ticket' }

/** The phase after this one, or null. */
export function neighbour(view: VisitView, phase: PhaseView, step: 1 | -1): PhaseView | null {
  const at = view.phases.findIndex((p) => p.id === phase.id)
  return view.phases[at + step] ?? null
}

/** A milestone that belongs to this phase and is next on the way. */
function milestoneHere(view: VisitView, phase: PhaseView): Milestone | null {
  if (wayIsOver(view)) return null
  const next = nextMilestone(view)
  const fits =
    phase.stage === 'depart' ? next === 'departed' : phase.stage === 'door' && next !== 'departed'
  if (!fits || !next) return null
  // the pack may want rows before the entry: then the rows come first, and their button says so
  const row = phase.items.find(
    (i) => i.evidence.kind === 'auto_milestone' && i.evidence.milestone === next,
  )
  return row?.blocked_by ? null : next
}

/** The next thing to do, in words of one button. */
export function primaryOf(view: VisitView, phase: PhaseView): Primary {
  if (view.submissions.length > 0) return { does: 'ticket' }
  if (view.nobody_home) return { does: 'nobody' }
  const next = neighbour(view, phase, 1)
  const milestone = milestoneHere(view, phase)
  if (milestone) {
    const leaves = milestone === 'departed' || milestone === 'entered'
    const open = phase.items.some(
      (i) => i.status === 'open' && i.evidence.kind !== 'auto_milestone',
    )
    return { does: 'reach', milestone, go: leaves && !open ? (next?.id ?? null) : null }
  }
  const sign = phase.items.find((i) => i.evidence.kind === 'customer_signature')
  if (sign && !view.customer_signature && !sign.blocked_by) return { does: 'handover' }
  const own = phase.items.find((i) => i.evidence.kind === 'technician_signature')
  if (own && own.status === 'open' && !own.blocked_by) return { does: 'technician' }
  return next ? { does: 'go', phase: next.id } : { does: 'missing' }
}

/** The button's words. */
export function primaryWords(t: TextFn, view: VisitView, primary: Primary): string {
  switch (primary.does) {
    case 'reach':
      return milestoneText(t, primary.milestone)
    case 'go':
      return t('walk.next', { name: view.phases.find((p) => p.id === primary.phase)?.name ?? '' })
    case 'handover':
      return t('walk.handover')
    case 'technician':
      return t('walk.technician')
    case 'nobody':
      return t('nobody.noted')
    case 'missing':
      return t('walk.check')
    case 'ticket':
      return t('walk.ticket')
  }
}
