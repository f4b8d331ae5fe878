// What a team lead's verdict means for the visit's screens.
import type { ItemView, Moment, VisitView } from '@/backend'

/** The team lead's verdict, as the technician sees it. */
export type Review = NonNullable<VisitView['review']>
/** One thing to mend. */
export type Reason = Review['reasons'][number]

/** 退回补资料: the newest submission came back, and nothing was submitted since. */
export function isMending(view: VisitView): boolean {
  const { review, submissions } = view
  if (review?.verdict !== 'returned') return false
  return review.submission === (submissions.at(-1)?.n ?? 0)
}

/** Submitted, and not sent back: nothing can be changed. */
export function isClosed(view: VisitView): boolean {
  return view.submissions.length > 0 && !isMending(view)
}

/** Where something to mend stands in the visit. */
export interface Place {
  phase: string
  item: ItemView
}

function holds(view: VisitView, item: ItemView, id: string): boolean {
  if (item.id === id || item.photos.some((p) => p.id === id)) return true
  if (item.evidence.kind !== 'rows') return false
  return view[item.evidence.list].some(
    (row) => row.row_id === id || row.photos.some((p) => p.id === id),
  )
}

/** Where photos and table rows stood: a blurry photo is found there even after it was taken away. */
const homes = new Map<string, string>()

/** Finds the row that a reason is about: it names an item, a photo or a row of a table. */
export function placeOf(view: VisitView, id: string | null): Place | null {
  if (id === null) return null
  const home = homes.get(id)
  for (const phase of view.phases) {
    const item = phase.items.find((i) => holds(view, i, id) || i.id === home)
    if (!item) continue
    homes.set(id, item.id)
    return { phase: phase.id, item }
  }
  return null
}

/** When that row was last touched after the verdict, in ms; null when it was not, or when that is not known. */
export function touchedSince(view: VisitView, review: Review, place: Place | null): number | null {
  if (!place) return null
  const { item } = place
  const rows = item.evidence.kind === 'rows' ? view[item.evidence.list] : []
  const photos = [...item.photos, ...rows.flatMap((row) => row.photos)]
  const newest = Math.max(item.at?.ms ?? 0, ...photos.map((p) => p.at.ms))
  return newest > review.at.ms ? newest : null
}

/** Why a row came back, as it stands beside the row; `at` is when it was touched since. */
export interface Returned {
  reasons: string[]
  at: Moment | null
}

/** The reasons of a visit that is being mended, by the id of the row they are about. */
export function returnedRows(view: VisitView): ReadonlyMap<string, Returned> {
  const { review } = view
  const rows = new Map<string, Returned>()
  if (!review || !isMending(view)) return rows
  for (const { item, reason } of review.reasons) {
    const place = placeOf(view, item)
    if (!place) continue
    const ms = touchedSince(view, review, place)
    rows.set(place.item.id, {
      reasons: [...(rows.get(place.item.id)?.reasons ?? []), reason],
      at: ms === null ? null : { ...review.at, ms },
    })
  }
  return rows
}
