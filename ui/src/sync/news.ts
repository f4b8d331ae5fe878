// What the Rust side says by itself: how far the upload is, and which streams moved.
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import type { Backend, SyncNews, SyncPanel } from '@/backend'
import { whenCalm } from '@/lib/calm'

/** The sync as the whole window knows it. */
export interface SyncWatch {
  /** The newest word; null until the first one came. */
  news: ShallowRef<SyncNews | null>
  /** Takes a panel that was asked for as the newest word. */
  took(panel: SyncPanel): void
  /** Tells `listener` every word; answers how to stop that. */
  heard(listener: (news: SyncNews) => void): () => void
  /** Listens no longer. */
  stop(): void
}

/** Listens to the Rust side, once for the whole window. */
export function watchSync(backend: Backend): SyncWatch {
  const news = shallowRef<SyncNews | null>(null)
  const listeners = new Set<(news: SyncNews) => void>()
  const stop = backend.onSync((word) => {
    news.value = word
    for (const listener of [...listeners]) listener(word)
  })

  function took(panel: SyncPanel): void {
    const { standing, working, why, given_up } = panel
    news.value = {
      standing,
      working,
      trouble: why,
      waiting: Math.max(panel.waiting.length, given_up),
      streams: [],
      wiped: false,
    }
  }

  function heard(listener: (news: SyncNews) => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  return { news, took, heard, stop }
}

/** Whether one of these streams moved. A verdict lies in `review/…`, under the id of its visit. */
export function moved(news: SyncNews, streams: readonly (string | null | undefined)[]): boolean {
  const known = streams.filter((stream) => stream !== null && stream !== undefined)
  return news.streams.some((name) => {
    if (!name.startsWith('review/')) return known.includes(name)
    const visit = name.slice('review/'.length)
    return known.some((stream) => stream === visit || stream === `visit/${visit}`)
  })
}

/**
 * Reads again when news concern this component. `reload` gets a promise to wait for before it shows what it read:
 * nothing moves under a finger or while somebody types.
 */
export function useNews(
  sync: SyncWatch,
  concerns: (news: SyncNews) => boolean,
  reload: (calm: () => Promise<void>) => unknown,
): void {
  onScopeDispose(sync.heard((news) => concerns(news) && void reload(whenCalm)))
}
