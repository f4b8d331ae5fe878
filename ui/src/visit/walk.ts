import { inject, provide, ref, shallowRef, type InjectionKey, type Ref, type ShallowRef } from 'vue'
import type {
  CallPurpose,
  Claim,
  ItemView,
  Milestone,
  PhotoView,
  RowList,
  RowView,
} from '@/backend'
import type { Key } from './keypad/reading'

/** The sheet that lies over the page. Items are named by id, so that a sheet always shows the newest view. */
export type Sheet =
  | { kind: 'detail' | 'not_applicable' | 'mismatch' | 'late_item' | 'gear'; item: string }
  | { kind: 'late_milestone'; milestone: Milestone }
  /** `departed`: the 补录 of the departure that waits for the kits. */
  | { kind: 'kit'; departed: Claim | null }
  | { kind: 'row'; list: RowList; row: RowView | null }
  | { kind: 'call'; purpose: CallPurpose }
  | {
      kind:
        | 'cannot_mend'
        | 'companions'
        | 'unfinished'
        | 'prior'
        | 'nobody'
        | 'pack_move'
        | 'reopen'
        | 'technician'
        | 'unsigned'
    }

/** What the open reading's card can be told by the keypad below the page. */
export interface ReadingPad {
  key(key: Key): void
  next(): void
}

/** What the parts of a visit's page share besides the visit itself. */
export interface Walk {
  sheet: Ref<Sheet | null>
  /** The reading being typed. */
  typing: Ref<string | null>
  card: ShallowRef<ReadingPad | null>
  preview: ShallowRef<{ photos: PhotoView[]; start: string; frozen: boolean } | null>
  /** Opens what proves a row: the call, the order's page, the milestone, the hand-over. */
  prove(item: ItemView): void
  /** Called when 下一项 was pressed in a reading. */
  next(item: string): void
}

const KEY: InjectionKey<Walk> = Symbol('walk')

/** Hands the shared state of a page to everything below. */
export function provideWalk(does: Pick<Walk, 'prove' | 'next'>): Walk {
  const walk: Walk = {
    sheet: ref(null),
    typing: ref(null),
    card: shallowRef(null),
    preview: shallowRef(null),
    ...does,
  }
  provide(KEY, walk)
  return walk
}

/** The shared state of the page this component stands on. */
export function useWalk(): Walk {
  const walk = inject(KEY)
  if (!walk) throw new Error('no walk is provided')
  return walk
}
