import type { ItemView, Milestone, PhaseView, VisitView } from '@/backend'
import type { TextFn } from '@/i18n'
import { isClosed, isMending } from '@/review/mending'
import { nextMilestone, wayIsOver } from './door/door'
import { brief, milestoneText } from './words'

/** What the one blue button of a phase does. */
export type Primary =
  | { does: 'reach'; milestone: Milestone; go: string | null }
  | { does: 'go'; phase: string }
  | { does: 'first'; milestone: Milestone; item: string; phase: string }
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

/** The next milestone of the way, or what comes before it: the row that the pack wants first, the step where it stands. */
function wayHere(view: VisitView, phase: PhaseView): Primary | null {
  const milestone = wayIsOver(view) ? null : nextMilestone(view)
  if (!milestone || (phase.stage !== 'depart' && phase.stage !== 'door')) return null
  const leaving = view.phases.find((p) => p.stage === 'depart')
  if (phase.stage === 'door' && milestone === 'departed')
    return leaving ? { does: 'go', phase: leaving.id } : null
  if (phase.stage === 'depart' && milestone !== 'departed') return null
  const proves = (i: ItemView) =>
    i.evidence.kind === 'auto_milestone' && i.evidence.milestone === milestone
  const row = phase.items.find(proves)
  // unloading and entering are two steps at the door: the way in stands on the second
  const later = row ? null : view.phases.find((p) => p.items.some(proves))
  if (later) return { does: 'go', phase: later.id }
  if (row?.blocked_by) {
    const home = view.phases.find((p) => p.items.some((i) => i.text === row.blocked_by))
    const item = home?.items.find((i) => i.text === row.blocked_by)
    return item && home ? { does: 'first', milestone, item: item.id, phase: home.id } : null
  }
  const leaves = milestone === 'departed' || milestone === 'entered'
  const open = phase.items.some((i) => i.status === 'open' && i.evidence.kind !== 'auto_milestone')
  const next = neighbour(view, phase, 1)
  return { does: 'reach', milestone, go: leaves && !open ? (next?.id ?? null) : null }
}

/** The next thing to do, in words of one button. */
export function primaryOf(view: VisitView, phase: PhaseView): Primary {
  if (isClosed(view)) return { does: 'ticket' }
  const own = phase.items.find((i) => i.evidence.kind === 'technician_signature')
  const signs = own?.status === 'open' && !own.blocked_by
  // everything else was done once: what is left stands in the list
  if (isMending(view)) return { does: signs && view.customer_signature ? 'technician' : 'missing' }
  if (view.nobody_home) return { does: 'nobody' }
  const next = neighbour(view, phase, 1)
  const way = wayHere(view, phase)
  if (way) return way
  const sign = phase.items.find((i) => i.evidence.kind === 'customer_signature')
  if (sign && !view.customer_signature && !sign.blocked_by) return { does: 'handover' }
  if (signs) return { does: 'technician' }
  return next ? { does: 'go', phase: next.id } : { does: 'missing' }
}

/** The button's words. */
export function primaryWords(t: TextFn, view: VisitView, primary: Primary): string {
  switch (primary.does) {
    case 'reach':
      return milestoneText(t, primary.milestone)
    case 'go':
      return t('walk.next', { name: view.phases.find((p) => p.id === primary.phase)?.name ?? '' })
    case 'first':
      return t('walk.before', {
        step: milestoneText(t, primary.milestone),
        item: brief(
          view.phases.flatMap((p) => p.items).find((i) => i.id === primary.item)?.text ?? '',
        ),
      })
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
