// Pages through the queue as it is scrolled, and which row is chosen. SQLite is the truth: after every change the
// shown pages are read again.
import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import {
  refusalOf,
  type Backend,
  type DeskPage,
  type DeskQuery,
  type DeskRow,
  type DeskSort,
  type DeskView,
  type Refusal,
} from '@/backend'

const PAGE = 50

/** The queue. */
export interface Desk {
  view: Ref<DeskView>
  search: Ref<string>
  sort: Ref<DeskSort>
  descending: Ref<boolean>
  /** The newest page: counts and the total. Null until the first one came. */
  head: ShallowRef<DeskPage | null>
  /** Loaded rows by their place in the queue. */
  rows: ShallowRef<ReadonlyMap<number, DeskRow>>
  /** Place of the chosen row; −1 in an empty queue. */
  chosen: Ref<number>
  row: ComputedRef<DeskRow | null>
  refusal: ShallowRef<Refusal | null>
  /** What is listed now, for the export. */
  query: ComputedRef<DeskQuery>
  /** Makes sure that rows `first` to `last` are there. */
  show(first: number, last: number): Promise<void>
  /** Reads the shown pages again; the chosen row stays chosen as long as it is listed near. */
  refresh(): Promise<void>
  /** Chooses the row at a place; places outside the queue are moved to its ends. */
  choose(index: number): Promise<void>
  /** Sorts by a column, the other way round when it is the column already. */
  sortBy(column: DeskSort): void
}

/** Columns whose first click puts the largest on top. */
const LARGEST_FIRST: readonly DeskSort[] = ['flags', 'arrival', 'minutes', 'submitted']

/** What makes a row the same row after the queue has moved. */
export function rowKey(row: Pick<DeskRow, 'visit' | 'submission'>): string {
  return `${row.visit}#${row.submission}`
}

/** Opens the queue on what is open, flagged ones first. */
export function openDesk(backend: Backend): Desk {
  const view = ref<DeskView>('open')
  const search = ref('')
  const sort = ref<DeskSort>('flags')
  const descending = ref(true)
  const head = shallowRef<DeskPage | null>(null)
  const rows = shallowRef<ReadonlyMap<number, DeskRow>>(new Map())
  const refusal = shallowRef<Refusal | null>(null)
  const chosen = ref(-1)
  let asked = new Set<number>()
  let shown: [number, number] = [0, PAGE - 1]
  // answers to an older question are dropped
  let question = 0

  const row = computed(() => rows.value.get(chosen.value) ?? null)
  const query = computed(() => ({
    view: view.value,
    search: search.value.trim() || null,
    sort: sort.value,
    descending: descending.value,
    offset: 0,
    limit: PAGE,
  }))

  async function read(page: number, mine: number, fresh: Map<number, DeskRow>): Promise<void> {
    const answer = await backend.desk({ ...query.value, offset: page * PAGE })
    if (mine !== question) return
    head.value = answer
    answer.rows.forEach((r, i) => fresh.set(page * PAGE + i, r))
  }

  function numbers(): number[] {
    const first = Math.floor(Math.max(0, shown[0]) / PAGE)
    const last = Math.floor(Math.max(0, shown[1]) / PAGE)
    return Array.from({ length: last - first + 1 }, (_, i) => first + i)
  }

  async function show(first: number, last: number): Promise<void> {
    shown = [first, last]
    const missing = numbers().filter((page) => !asked.has(page))
    if (missing.length === 0) return
    const mine = question
    missing.forEach((page) => asked.add(page))
    const fresh = new Map<number, DeskRow>()
    try {
      await Promise.all(missing.map((page) => read(page, mine, fresh)))
    } catch (error) {
      if (mine !== question) return
      refusal.value = refusalOf(error)
      missing.forEach((page) => asked.delete(page))
      return
    }
    if (mine === question) rows.value = new Map([...rows.value, ...fresh])
  }

  /** Finds the chosen row again; when it has gone, the one that took its place is next. */
  function settle(before: string | null): void {
    const total = head.value?.total ?? 0
    const found = before
      ? [...rows.value].find(([, candidate]) => rowKey(candidate) === before)
      : undefined
    if (found) chosen.value = found[0]
    else chosen.value = Math.min(Math.max(chosen.value, 0), total - 1)
  }

  async function reread(fromTop: boolean): Promise<void> {
    question += 1
    const mine = question
    const before = row.value && !fromTop ? rowKey(row.value) : null
    const wanted = numbers()
    asked = new Set(wanted)
    const fresh = new Map<number, DeskRow>()
    try {
      await Promise.all(wanted.map((page) => read(page, mine, fresh)))
    } catch (error) {
      if (mine === question) refusal.value = refusalOf(error)
      return
    }
    if (mine !== question) return
    rows.value = fresh
    if (fromTop) chosen.value = 0
    settle(before)
    await choose(chosen.value)
  }

  async function choose(index: number): Promise<void> {
    const total = head.value?.total ?? 0
    const place = Math.min(Math.max(index, 0), total - 1)
    chosen.value = place
    if (place < 0 || rows.value.has(place)) return
    // scrolled away from: bring the page without forgetting what is shown
    const kept = shown
    await show(place, place)
    shown = kept
  }

  function sortBy(column: DeskSort): void {
    if (sort.value === column) descending.value = !descending.value
    else {
      sort.value = column
      descending.value = LARGEST_FIRST.includes(column)
    }
  }

  // another question begins at its top; the old rows stay until its answer is there
  watch([view, search, sort, descending], () => {
    shown = [0, PAGE - 1]
    void reread(true)
  })

  return {
    ...{ view, search, sort, descending, head, rows, chosen, row, refusal, query },
    ...{ show, choose, sortBy, refresh: () => reread(false) },
  }
}
