import type { ItemView, ReadingView, SlotView } from '@/backend'
import type { TextFn } from '@/i18n'
import { minus } from '@/lib/format'

/** `装前 −24.3`, or the name alone while there is no value. */
export const slotWords = (slot: SlotView) =>
  slot.value === null ? slot.name : `${slot.name} ${minus(slot.value)}`

/** Test point, wavelength and limits as one line; parts that the standard does not give are left out. */
export function limitWords(t: TextFn, spec: ReadingView, signed: (v: string) => string): string {
  const parts: string[] = []
  if (spec.point) parts.push(t('reading.point', { point: spec.point }))
  if (spec.wavelength_nm !== null) parts.push(t('reading.wavelength', { nm: spec.wavelength_nm }))
  if (spec.contract !== null)
    parts.push(t('reading.contract', { n: spec.contract, unit: spec.unit }))
  const unit = spec.unit
  if (spec.min !== null && spec.max !== null)
    parts.push(t('reading.limits', { min: signed(spec.min), max: signed(spec.max), unit }))
  else if (spec.min !== null) parts.push(t('reading.atLeast', { min: signed(spec.min), unit }))
  else if (spec.max !== null) parts.push(t('reading.atMost', { max: signed(spec.max), unit }))
  return parts.join(' · ')
}

/** The title of a measured row: `有线测速 下行 942 Mbps`. */
export function readTitle(item: ItemView, spec: ReadingView): string {
  const filled = spec.slots.filter((s) => s.value !== null)
  if (filled.length === 0) return item.text
  return `${item.text} ${filled.map((s) => slotWords(s)).join('，')} ${spec.unit}`
}

/** What stands under a measured row: `签约 1000 Mbps，达到 94 %`. */
export function readNote(t: TextFn, item: ItemView, spec: ReadingView): string {
  const last = spec.slots.filter((s) => s.value !== null).at(-1)
  if (!last) return item.note ?? limitWords(t, spec, minus)
  const parts: string[] = []
  if (spec.contract !== null && last.value !== null) {
    const percent = Math.floor((Number(last.value) / spec.contract) * 100)
    parts.push(t('reading.share', { n: spec.contract, unit: spec.unit, percent }))
  } else if (last.within === true) parts.push(t('reading.inside'))
  if (last.within === false)
    parts.push(
      last.reason ? t('reading.outsideWhy', { reason: last.reason }) : t('reading.outside'),
    )
  return parts.join(' · ')
}
