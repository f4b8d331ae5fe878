// The office's code as people type it.

/** The letters and figures of a code: dashes, blanks, case and full-width keys do not matter. */
export function plainCode(typed: string): string {
  return typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
}
