import type { Milestone, Moment, VisitView } from '@/backend'

/** The milestones between leaving and being inside, in their order. */
export const WAY: Milestone[] = ['departed', 'downstairs', 'at_door', 'entered']

/** When a milestone was reached, or null. */
export const reachedAt = (view: VisitView, milestone: Milestone): Moment | null =>
  view.milestones.find((m) => m.milestone === milestone)?.at ?? null

/** The next step of the way; downstairs may be skipped, so nothing before the last one reached is asked. */
export function nextMilestone(view: VisitView): Milestone | null {
  const reached = WAY.map((milestone) => reachedAt(view, milestone) !== null)
  const last = reached.lastIndexOf(true)
  return WAY[last + 1] ?? null
}

/** The visit is over or the technician is inside: the way needs no buttons any more. */
export const wayIsOver = (view: VisitView) =>
  nextMilestone(view) === null || view.nobody_home !== null || view.submissions.length > 0

/** Seconds still to wait at the door; 0 when the wait is over, null before the door. */
export function waitLeft(view: VisitView, now: number): number | null {
  const at = reachedAt(view, 'at_door')
  if (!at || reachedAt(view, 'entered')) return null
  // the page's clock may stand a little behind the moment that was recorded
  const passed = Math.max(0, (now - at.ms) / 1000)
  return Math.max(0, Math.ceil(view.door_wait_seconds - passed))
}

/** The door was not answered, nor was a call: what 没人应门 rests on. */
export const calledInVain = (view: VisitView) =>
  view.calls.some((c) => {
    const at = reachedAt(view, 'at_door')
    return (
      c.call.result !== 'answered' &&
      (at === null || c.at.ms >= at.ms || c.call.purpose === 'at_door')
    )
  })
