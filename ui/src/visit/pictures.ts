/** Loads pictures once and keeps the last few as blob URLs; the oldest is given back. */
export interface Pictures {
  /** URL of a picture, or null when it cannot be read. */
  url(sha256: string): Promise<string | null>
  /** Gives all URLs back. */
  clear(): void
}

const KEPT = 60

/** A cache over `load`, keeping `most` pictures. */
export function pictures(load: (sha256: string) => Promise<ArrayBuffer>, most = KEPT): Pictures {
  const urls = new Map<string, Promise<string | null>>()

  function release(url: Promise<string | null>): void {
    void url.then((made) => {
      if (made) URL.revokeObjectURL(made)
    })
  }

  async function make(sha256: string): Promise<string | null> {
    try {
      const bytes = await load(sha256)
      return URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' }))
    } catch {
      // a missing picture is told by its empty tile; the next look tries again
      urls.delete(sha256)
      return null
    }
  }

  return {
    url(sha256) {
      const known = urls.get(sha256)
      const url = known ?? make(sha256)
      urls.delete(sha256)
      urls.set(sha256, url)
      for (const [oldest, old] of urls) {
        if (urls.size <= most) break
        urls.delete(oldest)
        release(old)
      }
      return url
    },
    clear() {
      for (const url of urls.values()) release(url)
      urls.clear()
    },
  }
}
