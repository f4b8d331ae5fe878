// What a key means at the desk. One place, so that no key can mean two things.

/** What the lead asks for with a key. */
export type DeskKey =
  | { key: 'row'; by: -1 | 1 }
  | { key: 'end'; at: 'first' | 'last' }
  | { key: 'photo'; by: -1 | 1 }
  | { key: 'zoom' | 'approve' | 'explain' | 'return' | 'rework' | 'next' | 'search' | 'ticket' }
  | { key: 'score'; n: number }

const LETTERS: Readonly<Record<string, DeskKey>> = {
  a: { key: 'approve' },
  r: { key: 'return' },
  w: { key: 'rework' },
  n: { key: 'next' },
  z: { key: 'zoom' },
  t: { key: 'ticket' },
  '/': { key: 'search' },
}
const NAMED: Readonly<Record<string, DeskKey>> = {
  ArrowUp: { key: 'row', by: -1 },
  ArrowDown: { key: 'row', by: 1 },
  ArrowLeft: { key: 'photo', by: -1 },
  ArrowRight: { key: 'photo', by: 1 },
  Home: { key: 'end', at: 'first' },
  End: { key: 'end', at: 'last' },
}
/** Keys that may be held down: they only look. */
const LOOKS: readonly DeskKey['key'][] = ['row', 'photo']

const FIELDS = 'input, textarea, select, [contenteditable]'

/** Whether the key belongs to a field, an open dialog, an input method or the system. */
function isTaken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey)
    return true
  const target = event.target
  if (target instanceof Element && target.closest(FIELDS)) return true
  return document.querySelector('dialog[open]') !== null
}

/** Reads a key; null when it is not for the desk. */
export function deskKey(event: KeyboardEvent): DeskKey | null {
  if (isTaken(event)) return null
  if (event.shiftKey && event.key.toLowerCase() === 'a') return { key: 'explain' }
  const digit = /^[1-9]$/.exec(event.key)
  const meant: DeskKey | undefined = digit
    ? { key: 'score', n: Number(digit[0]) }
    : (NAMED[event.key] ?? LETTERS[event.key.toLowerCase()])
  if (!meant) return null
  // a held key must not decide twenty visits
  return event.repeat && !LOOKS.includes(meant.key) ? null : meant
}
