// Times as people type them.

/** Reads `1400`, `14:00`, `14：00`, `930` or `9` as `14:00`; null when it is not a time of day. */
export function readTime(typed: string): string | null {
  const match = /^\s*(\d{1,2})\s*(?:[:：.]?\s*(\d{2}))?\s*$/.exec(typed)
  if (!match) return null
  const hour = Number(match[1])
  const minute = Number(match[2] ?? '0')
  if (hour > 23 || minute > 59) return null
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}
