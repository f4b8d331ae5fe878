import { afterEach, expect, test } from 'vitest'
import { calm, whenCalm } from './calm'

afterEach(() => document.body.replaceChildren())

function chooser(): HTMLInputElement {
  const field = document.createElement('input')
  field.type = 'file'
  document.body.append(field)
  return field
}

const say = (target: EventTarget, sign: Event): boolean => target.dispatchEvent(sign)

test.each([
  ['a photo was taken', 'change'],
  ['the camera was left without one', 'cancel'],
])('news wait while the camera is open, until %s', async (_, end) => {
  const field = chooser()
  field.click()
  let shown = false
  const news = whenCalm().then(() => (shown = true))
  await new Promise((resolve) => setTimeout(resolve))
  expect([calm.value, shown]).toEqual([false, false])
  say(field, new Event(end, { bubbles: true }))
  await news
  expect([calm.value, shown]).toEqual([true, true])
})

test('a camera that closes without a word holds nothing up: the next touch says that it is gone', async () => {
  chooser().click()
  expect(calm.value).toBe(false)
  say(document.body, new PointerEvent('pointerdown', { pointerId: 1, bubbles: true }))
  say(document.body, new PointerEvent('pointerup', { pointerId: 1, bubbles: true }))
  await whenCalm()
  expect(calm.value).toBe(true)
})
