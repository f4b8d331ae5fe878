import type { ItemView, PhaseView, VisitView } from '@/backend'

const settled = (item: ItemView) => item.status === 'done' || item.status === 'not_applicable'

/** The phase named by the address, else the first one with something to do, else the last. */
export function phaseNow(view: VisitView, id: string): PhaseView | null {
  const named = view.phases.find((p) => p.id === id)
  return named ?? view.phases.find((p) => p.done < p.total) ?? view.phases.at(-1) ?? null
}

/** A phase that begins with a reading opens it at once; otherwise nothing is being typed. */
export function firstReading(phase: PhaseView): string | null {
  const first = phase.items.find((item) => !settled(item))
  const fits = first?.evidence.kind === 'reading' && !first.blocked_by && !first.frozen
  return fits ? first.id : null
}

/** The open row after this one, in the order of the page. */
export function readingAfter(phase: PhaseView, item: string): ItemView | null {
  const at = phase.items.findIndex((i) => i.id === item)
  return phase.items.slice(at + 1).find((i) => !settled(i) && !i.frozen) ?? null
}

/** More rows than stand above the foot of a tablet that lies on its side. */
export const isLong = (phase: PhaseView): boolean => phase.items.length + phase.questions.length > 6
