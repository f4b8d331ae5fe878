// Made-up pictures.
import { refuse } from '..'
import type { PhotoTarget, PhotoView, VisitView } from '../types'
import type { Ground } from './act'
import { isMending, noteMended } from './review'
import { drawn } from './drawing'

// one grey pixel
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mOora39DwAFowKC8nyV3wAAAABJRU5ErkJggg=='

/** The bytes of any made-up picture. */
export function picture(sha256: string): ArrayBuffer {
  if (sha256 === '') throw refuse('blob_missing')
  const known = drawn(sha256)
  if (known) return known
  return Uint8Array.from(atob(PIXEL), (c) => c.charCodeAt(0)).buffer
}

/** Takes a photo in. */
export function addPhoto(
  view: VisitView,
  target: PhotoTarget,
  file: Uint8Array,
  ground: Ground,
): void {
  if (file.length === 0) throw refuse('photo_empty')
  if (view.submissions.length > 0 && !isMending(view)) throw refuse('visit_submitted')
  if (isMending(view)) noteMended(view)
  const id = ground.newId()
  const photo: PhotoView = {
    id,
    target,
    sha256: `photo-${id}`,
    thumb_sha256: `thumb-${id}`,
    width: 2048,
    height: 1536,
    at: ground.now,
  }
  if (target.to === 'item') {
    const item = view.phases.flatMap((p) => p.items).find((i) => i.id === target.item)
    if (!item) throw refuse('item_unknown')
    item.photos.push(photo)
  } else if (target.to === 'row') {
    view.devices.find((d) => d.row_id === target.row)?.photos.push(photo)
  } else {
    view.other_photos.push(photo)
  }
}
