// Pictures of several visits at once: the one that is read and those it is compared with.
import { inject, provide, type InjectionKey } from 'vue'
import type { Pictures } from '@/visit/pictures'

/** Loads pictures by visit. */
export interface ShownPhotos {
  /** URL of a picture, or null when it is not here (yet). */
  url(visit: string, sha256: string): Promise<string | null>
  /** Gives all URLs back. */
  clear(): void
}

const KEY: InjectionKey<ShownPhotos> = Symbol('photos')
/** Visits whose pictures are kept. */
const KEPT = 6

/** Hands the pictures to everything below; `open` makes the cache of one visit. */
export function providePhotos(open: (visit: string) => Pictures): ShownPhotos {
  const caches = new Map<string, Pictures>()

  function cache(visit: string): Pictures {
    const known = caches.get(visit) ?? open(visit)
    caches.delete(visit)
    caches.set(visit, known)
    for (const [oldest, old] of caches) {
      if (caches.size <= KEPT) break
      caches.delete(oldest)
      old.clear()
    }
    return known
  }

  const shown: ShownPhotos = {
    url: (visit, sha256) => cache(visit).url(sha256),
    clear() {
      for (const one of caches.values()) one.clear()
      caches.clear()
    },
  }
  provide(KEY, shown)
  return shown
}

/** The pictures of the desk this component stands on. */
export function usePhotos(): ShownPhotos {
  const shown = inject(KEY)
  if (!shown) throw new Error('no photos are provided')
  return shown
}
