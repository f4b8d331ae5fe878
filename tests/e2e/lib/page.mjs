// Functions that run inside the page. They look, they never act. Each must stand alone: it travels as text.

/**
 * The thing a person would tap for `wanted`: a data-testid, or else visible words. Whole words win over a part,
 * the frontmost over the covered. Gives { element, x, y } of its middle, or { trouble } in words.
 */
export function findTarget(wanted, within) {
  const root = within ? document.querySelector(`[data-testid="${CSS.escape(within)}"]`) : document
  if (!root) return { trouble: `no ${within} on the page` }
  const tidy = (text) => text.replace(/\s+/g, ' ').trim()
  const visible = (node) =>
    node.checkVisibility({ opacityProperty: true, visibilityProperty: true })
  const named = [...root.querySelectorAll(`[data-testid="${CSS.escape(wanted)}"]`)]
  const worded = () => {
    const said = [...root.querySelectorAll('*')].filter((node) => {
      if (node.matches('script, style')) return false
      const text = tidy(node.innerText ?? node.textContent ?? '')
      return text.includes(wanted) || node.getAttribute('aria-label') === wanted
    })
    const innermost = said.filter(
      (node) => !said.some((other) => other !== node && node.contains(other)),
    )
    const whole = innermost.filter(
      (node) => tidy(node.innerText ?? '') === wanted || node.getAttribute('aria-label') === wanted,
    )
    return whole.length > 0 ? whole : innermost
  }
  // a radio button or file field that is there for the keyboard only: a person taps its label
  const shown = (node) =>
    (node.matches('input') && node.offsetWidth < 2 && node.closest('label')) || node
  const found = (named.length > 0 ? named : worded()).map(shown).filter(visible)
  if (found.length === 0) return { trouble: `nothing visible says “${wanted}”` }
  let trouble
  for (const node of found) {
    const target =
      node.closest('button, a, label, [role], input, textarea, select, [data-testid]') ?? node
    if (target.matches(':disabled, [aria-disabled="true"]')) {
      trouble ??= `“${wanted}” is disabled`
      continue
    }
    node.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' })
    const box = node.getBoundingClientRect()
    const [x, y] = [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)]
    const hit = document.elementFromPoint(x, y)
    if (
      hit &&
      (node.contains(hit) ||
        target.contains(hit) ||
        (hit.contains(node) && !hit.matches('body, html')))
    )
      return { element: node, x, y }
    // a foot bar that sticks to the edge may cover what scrolled just into view
    node.scrollIntoView({ block: 'center', behavior: 'instant' })
    trouble = `“${wanted}” is covered by <${hit?.tagName.toLowerCase()} class="${hit?.className}">`
  }
  return { trouble }
}

/** The input, textarea or editable that `wanted` (data-testid, label, aria-label or placeholder) names. */
export function findField(wanted) {
  const fields = 'input:not([type=hidden]), textarea, [contenteditable="true"]'
  const tidy = (text) => text.replace(/[\s*：:]+/g, ' ').trim()
  const named = document.querySelector(`[data-testid="${CSS.escape(wanted)}"]`)
  if (named) return named.matches(fields) ? named : named.querySelector(fields)
  const direct = [...document.querySelectorAll(fields)].find(
    (field) =>
      field.getAttribute('aria-label') === wanted ||
      field.getAttribute('placeholder') === wanted ||
      [...(field.labels ?? [])].some((label) => tidy(label.innerText) === tidy(wanted)),
  )
  if (direct) return direct
  const label = [...document.querySelectorAll('label, .van-field__label')].find(
    (node) => tidy(node.innerText) === tidy(wanted),
  )
  return label?.closest('.van-field, .van-cell')?.querySelector(fields) ?? null
}

/** All that can be read on the page, what stands in its fields included. */
export function readPage() {
  const fields = [...document.querySelectorAll('input, textarea')]
    .filter(
      (field) => !['hidden', 'file', 'password'].includes(field.type) && field.checkVisibility(),
    )
    .map((field) => field.value)
  return [document.body.innerText, ...fields].join('\n')
}

/** Runs axe and keeps what is serious or worse. Needs axe in the page. */
export async function runAxe() {
  const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] })
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, help, nodes }) => ({
      id,
      impact,
      help,
      where: nodes.map(({ target }) => target.join(' ')),
    }))
}
