// A made-up team lead.
import { refuse } from '..'
import type { VisitView } from '../types'
import type { Ground } from './act'
import { recount } from './visit'

type Review = NonNullable<VisitView['review']>

/** What was done about a visit that came back: something was mended, or why that cannot be. */
const mended = new WeakMap<VisitView, string | null>()

/** Notes that something was mended; `cannot` is why it is past mending. */
export function noteMended(view: VisitView, cannot: string | null = null): void {
  mended.set(view, cannot)
}

/** What goes with the next submission of a visit that came back. */
export function takeMended(view: VisitView): { cannot_mend?: string } {
  if (!isMending(view)) return {}
  const cannot = mended.get(view)
  if (cannot === undefined) throw refuse('nothing_mended')
  // the new submission was not judged by anybody
  view.review = null
  return cannot ? { cannot_mend: cannot } : {}
}

/** What a lead finds on the visit of the morning. */
export const SENT_BACK: Review['reasons'] = [
  { item: 'cabling', title: '走线整齐，尽量走暗管', reason: '照片糊了，看不清走线' },
  { item: 'devices', title: '设备登记', reason: '标签上的序列号和登记的不一样' },
]

/** The lead's verdict on the newest submission, as it arrives at the tablet. */
export function giveVerdict(
  view: VisitView,
  ground: Ground,
  verdict: Review['verdict'],
  reasons: Review['reasons'] = [],
  note: string | null = null,
): void {
  view.review = {
    submission: view.submissions.length,
    verdict,
    by: { staff_no: '2001', name: '方敏' },
    at: ground.now,
    reasons,
    note,
    customer_signs_again: false,
  }
  mended.delete(view)
  if (verdict === 'returned') view.technician_signed_at = null
  recount(view, ground.now)
}

/** Sent back, and nothing was submitted since. */
export function isMending(view: VisitView): boolean {
  return view.review?.verdict === 'returned' && view.review.submission === view.submissions.length
}

/** What the customer put the name under, as far as a made-up visit knows. */
export function attestedChanged(before: VisitView, after: VisitView): boolean {
  const rows = (v: VisitView): string =>
    JSON.stringify([v.devices, v.materials, v.fees].map((list) => list.map((r) => r.row)))
  return rows(before) !== rows(after)
}
