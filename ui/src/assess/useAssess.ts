// One assessment or card that lies open: each call brings the whole new view.
import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { refusalOf, type Refusal } from '@/backend'

/** What a page holds and how it asks for more. */
export interface Held<T> {
  /** Null until it was read. */
  held: ShallowRef<T | null>
  /** The last "no"; shown until dismissed. */
  refusal: ShallowRef<Refusal | null>
  /** Something is being asked for. */
  busy: Ref<boolean>
  /** When the newest answer came, ms of the page's own clock: a running clock counts on from there. */
  since: Ref<number>
  /** Shows the answer of a call; false when it was refused. */
  take(call: () => Promise<T>): Promise<boolean>
  /** Any other call; null when it was refused. */
  ask<A>(call: () => Promise<A>): Promise<A | null>
}

/** Holds what calls answer. Calls go one after the other: a double tap is two taps, not a race. */
export function useHeld<T>(): Held<T> {
  const held = shallowRef<T | null>(null)
  const refusal = shallowRef<Refusal | null>(null)
  const busy = ref(false)
  const since = ref(performance.now())
  let line: Promise<unknown> = Promise.resolve()

  async function ask<A>(call: () => Promise<A>): Promise<A | null> {
    busy.value = true
    const mine = line.then(call)
    const settled = mine.catch(() => undefined)
    line = settled
    try {
      const answer = await mine
      refusal.value = null
      return answer
    } catch (error) {
      refusal.value = refusalOf(error)
      return null
    } finally {
      if (line === settled) busy.value = false
    }
  }

  async function take(call: () => Promise<T>): Promise<boolean> {
    const answer = await ask(call)
    if (answer === null) return false
    held.value = answer
    since.value = performance.now()
    return true
  }

  return { held, refusal, busy, since, take, ask }
}

/** The page's own clock, ms, renewed every second. */
export function useTicking(): Ref<number> {
  const at = ref(performance.now())
  const timer = setInterval(() => (at.value = performance.now()), 1000)
  onScopeDispose(() => clearInterval(timer))
  return at
}

/** `18:05`; a part of a second counts as one, as on paper. */
export function clock(ms: number): string {
  const seconds = Math.ceil(ms / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
