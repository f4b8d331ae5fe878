import { describe, expect, test } from 'vitest'
import { isInk, modelHeight, place, toModel } from './ink'

const box = (width: number, height: number) => ({ width, height }) as DOMRectReadOnly
const line = (n: number, step: number) =>
  Array.from({ length: n }, (_, i) => ({ x: i * step, y: 10, t: i, p: 0.5 }))

describe('what counts as ink', () => {
  test('an empty pad, one dot and a twitch are none', () => {
    expect(isInk(null)).toBe(false)
    expect(isInk({ width: 1000, height: 480, strokes: [] })).toBe(false)
    expect(isInk({ width: 1000, height: 480, strokes: [[{ x: 5, y: 5, t: 0, p: 0.5 }]] })).toBe(
      false,
    )
    expect(isInk({ width: 1000, height: 480, strokes: [line(40, 0.5)] })).toBe(false)
  })

  test('a line across the pad is ink, also in short strokes', () => {
    expect(isInk({ width: 1000, height: 480, strokes: [line(10, 10)] })).toBe(true)
    expect(isInk({ width: 1000, height: 480, strokes: [line(3, 15), line(3, 15)] })).toBe(true)
    // the jump from one stroke to the next is not written
    const far = line(3, 1).map((p) => ({ ...p, x: p.x + 800 }))
    expect(isInk({ width: 1000, height: 480, strokes: [line(3, 1), far] })).toBe(false)
  })
})

describe('where ink goes', () => {
  test('the model takes the shape of the pad', () => {
    expect(modelHeight(box(716, 344))).toBe(480)
    expect(modelHeight(box(0, 0))).toBe(1000)
  })

  test('a point lands at the same place of the model after the tablet was turned', () => {
    const model = { width: 1000, height: 500 }
    const wide = place(model, box(800, 400))
    const turned = place(model, box(600, 600))
    const a = toModel({ x: 400, y: 200, pressure: 0.3, at: 120 }, 100, model, wide)
    const b = toModel({ x: 300, y: 300, pressure: 0.3, at: 120 }, 100, model, turned)
    expect(a).toEqual({ x: 500, y: 250, t: 20, p: 0.3 })
    expect(b).toEqual(a)
  })

  test('outside the pad is its edge and no pressure is the middle', () => {
    const model = { width: 1000, height: 500 }
    const where = place(model, box(1000, 500))
    expect(toModel({ x: -20, y: 900, pressure: 0, at: 0 }, 50, model, where)).toEqual({
      x: 0,
      y: 500,
      t: 0,
      p: 0.5,
    })
  })
})
