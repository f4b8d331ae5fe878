/** Does `work` once the next picture stands: what it brings is not waited for. */
export function afterPicture(work: () => unknown): void {
  requestAnimationFrame(() => setTimeout(work))
}
