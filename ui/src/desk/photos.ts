// The photos of a visit in the order in which the visit was done, each with the words of what it proves.
import type { DeskFlag, Moment, PhotoLike, PhotoView, VisitView } from '@/backend'
import type { TextFn } from '@/i18n'

/** A photo as the desk shows it. */
export interface DeskPhoto {
  id: string
  sha256: string
  thumb: string
  title: string
  /** The row it proves; none for a leave-note, a paper or a mark. */
  item: string | null
  at: Moment
  /** The photo of another visit it resembles. */
  like: PhotoLike | null
}

/** All photos, in reading order. */
export function photosOf(t: TextFn, visit: VisitView, flags: readonly DeskFlag[]): DeskPhoto[] {
  const liked = (p: PhotoView): PhotoLike | null =>
    flags.find((f) => f.like && (f.photo === p.sha256 || f.photo === p.id))?.like ?? null
  const shown = (p: PhotoView, title: string, item: string | null): DeskPhoto => ({
    ...{ id: p.id, sha256: p.sha256, thumb: p.thumb_sha256, at: p.at },
    ...{ title, item, like: liked(p) },
  })
  const walked = visit.phases.flatMap((phase) =>
    phase.items.flatMap((item) => {
      const own = item.photos.map((p) => shown(p, item.photo_rule?.of ?? item.text, item.id))
      if (item.evidence.kind !== 'rows' || item.evidence.list !== 'devices') return own
      const rows = visit.devices.flatMap((d) => d.photos.map((p) => shown(p, d.row.name, d.row_id)))
      return [...own, ...rows]
    }),
  )
  const seen = new Set(walked.map((p) => p.id))
  const rest = [
    ...visit.devices.flatMap((d) => d.photos.map((p) => shown(p, d.row.name, d.row_id))),
    ...visit.other_photos.map((p) => shown(p, t(`desk.photo.${p.target.to}`), null)),
  ]
  return [...walked, ...rest.filter((p) => !seen.has(p.id))]
}
