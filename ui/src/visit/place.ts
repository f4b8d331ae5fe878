import { computed, inject, provide, type ComputedRef, type InjectionKey } from 'vue'
import { onBeforeRouteLeave, useRoute, useRouter } from 'vue-router'

/** The pages of a visit beside its walk. */
export type Beside = 'handover' | 'missing' | 'ticket'

/** Where a visit's pages stand: in the window's addresses, or inside another page. */
export interface Place {
  id: string
  /** The phase that is asked for; empty: none. */
  phase: ComputedRef<string>
  /** The row that somebody was sent here for. */
  item: ComputedRef<string>
  /** To a phase of the same visit, for the sake of a row. */
  go(phase: string, item?: string): Promise<unknown>
  /** To another page of the visit, perhaps in place of this one. */
  to(page: Beside, instead?: boolean): Promise<unknown>
  order(stream: string): Promise<unknown>
  back(): Promise<unknown>
  /** Nothing else opens while `still` says so; called once, when the page is made. */
  hold(still: () => boolean): void
}

const KEY: InjectionKey<Place> = Symbol('place')

/** Puts the visit's pages below into another page. */
export function providePlace(place: Place): void {
  provide(KEY, place)
}

/** Where this page stands; unless another page says so, the window's address. */
export function usePlace(): Place {
  const given = inject(KEY, null)
  if (given) return given
  const route = useRoute()
  const router = useRouter()
  const id = String(route.params.id)
  return {
    id,
    phase: computed(() => String(route.params.phase ?? '')),
    item: computed(() => String(route.query.item ?? '')),
    go: (phase, item) =>
      router.replace({ name: 'visit', params: { id, phase }, query: item ? { item } : {} }),
    to: (name, instead = false) =>
      instead ? router.replace({ name, params: { id } }) : router.push({ name, params: { id } }),
    order: (stream) => router.push({ name: 'order', params: { id: stream } }),
    back: () => router.push({ name: 'today' }),
    hold: (still) => onBeforeRouteLeave(() => !still()),
  }
}
