import type { InkPoint, Strokes } from '@/backend'

/** Width of every pad in model units; the height follows the pad's first shape. */
export const MODEL_WIDTH = 1000

/** Fewer points, or less travel, than this is a slip of the finger and no signature. */
const LEAST_POINTS = 6
const LEAST_TRAVEL = 0.05

/** Where the model lies on the screen, in CSS pixels. */
export interface Placement {
  scale: number
  left: number
  top: number
}

/** Fits a pad of `width` × `height` model units into a box, centred, never cut off. */
export function place(model: { width: number; height: number }, box: DOMRectReadOnly): Placement {
  const scale = Math.min(box.width / model.width, box.height / model.height)
  return {
    scale,
    left: (box.width - model.width * scale) / 2,
    top: (box.height - model.height * scale) / 2,
  }
}

/** Height of a model that has the shape of a box. */
export function modelHeight(box: { width: number; height: number }): number {
  return box.width > 0
    ? Math.max(1, Math.round((MODEL_WIDTH * box.height) / box.width))
    : MODEL_WIDTH
}

const clamp = (value: number, most: number) => Math.min(Math.max(value, 0), most)
const round = (value: number) => Math.round(value * 100) / 100

/** A point on the screen as the model keeps it; `at` and `began` are milliseconds of one clock. */
export function toModel(
  pointer: { x: number; y: number; pressure: number; at: number },
  began: number,
  model: { width: number; height: number },
  where: Placement,
): InkPoint {
  return {
    x: round(clamp((pointer.x - where.left) / where.scale, model.width)),
    y: round(clamp((pointer.y - where.top) / where.scale, model.height)),
    t: Math.max(0, Math.round(pointer.at - began)),
    // fingers and some mice report no pressure at all
    p: pointer.pressure > 0 ? round(clamp(pointer.pressure, 1)) : 0.5,
  }
}

/** Whether this is a signature rather than an empty pad or one dot; the backend decides the same. */
export function isInk(ink: Strokes | null): boolean {
  if (!ink) return false
  let points = 0
  let travel = 0
  for (const stroke of ink.strokes) {
    points += stroke.length
    stroke.forEach((point, i) => {
      const before = stroke[i - 1]
      if (before) travel += Math.hypot(point.x - before.x, point.y - before.y)
    })
  }
  return points >= LEAST_POINTS && travel >= ink.width * LEAST_TRAVEL
}

/** Line width of a point, in model units: a firm hand writes broader. */
export const lineWidth = (point: InkPoint) => 3.5 + point.p * 8

/** Draws strokes as smooth curves through the middles between points. */
export function draw(
  to: CanvasRenderingContext2D,
  strokes: readonly (readonly InkPoint[])[],
  where: Placement,
  colour: string,
): void {
  to.strokeStyle = colour
  to.fillStyle = colour
  to.lineCap = 'round'
  to.lineJoin = 'round'
  const x = (point: InkPoint) => where.left + point.x * where.scale
  const y = (point: InkPoint) => where.top + point.y * where.scale
  for (const stroke of strokes) {
    const first = stroke[0]
    if (!first) continue
    if (stroke.length === 1) {
      to.beginPath()
      to.arc(x(first), y(first), (lineWidth(first) * where.scale) / 2, 0, Math.PI * 2)
      to.fill()
    }
    let from = { x: x(first), y: y(first) }
    let width = -1
    // one path as long as the width stays: joints of single segments would show
    for (let i = 1; i < stroke.length; i += 1) {
      const before = stroke[i - 1] as InkPoint
      const point = stroke[i] as InkPoint
      const last = i === stroke.length - 1
      const end = last
        ? { x: x(point), y: y(point) }
        : { x: (x(before) + x(point)) / 2, y: (y(before) + y(point)) / 2 }
      const wanted = Math.round(lineWidth(point) * where.scale * 4) / 4
      if (wanted !== width) {
        if (width > 0) to.stroke()
        to.lineWidth = width = wanted
        to.beginPath()
        to.moveTo(from.x, from.y)
      }
      to.quadraticCurveTo(x(before), y(before), end.x, end.y)
      from = end
    }
    if (width > 0) to.stroke()
  }
}
