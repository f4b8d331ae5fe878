// Pages through Today as it is scrolled. SQLite is the truth: after every change the shown pages are read again.
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { refusalOf, type Backend, type Refusal, type TodayPage, type TodayRow } from '@/backend'

const PAGE = 50

/** Today's list. */
export interface Today {
  /** The newest page: counts and the next order. Null until the first one came. */
  head: ShallowRef<TodayPage | null>
  /** Loaded rows by their place in the list. */
  rows: ShallowRef<ReadonlyMap<number, TodayRow>>
  search: Ref<string>
  refusal: ShallowRef<Refusal | null>
  /** Makes sure that rows `first` to `last` are there. */
  show(first: number, last: number): Promise<void>
  /** Reads the shown pages again, and shows them once `ready` lets it. */
  refresh(ready?: () => Promise<void>): Promise<void>
}

/** Opens the list, with its first page when that is known already. */
export function openToday(backend: Backend, first: TodayPage | null = null): Today {
  const head = shallowRef<TodayPage | null>(first)
  const rows = shallowRef<ReadonlyMap<number, TodayRow>>(new Map(first?.rows.entries()))
  const search = ref('')
  const refusal = shallowRef<Refusal | null>(null)
  let asked = new Set<number>(first ? [0] : [])
  let shown: [number, number] = [0, PAGE - 1]
  // answers to an older question are dropped
  let question = 0

  async function read(page: number, fresh: Map<number, TodayRow>): Promise<TodayPage> {
    const answer = await backend.today({
      search: search.value.trim() || null,
      offset: page * PAGE,
      limit: PAGE,
    })
    answer.rows.forEach((row, i) => fresh.set(page * PAGE + i, row))
    return answer
  }

  async function pages(numbers: number[], start: ReadonlyMap<number, TodayRow>): Promise<void> {
    const mine = question
    const fresh = new Map(start)
    try {
      const answers = await Promise.all(numbers.map((page) => read(page, fresh)))
      if (mine === question) head.value = answers.at(-1) ?? head.value
    } catch (error) {
      if (mine === question) refusal.value = refusalOf(error)
      numbers.forEach((page) => asked.delete(page))
      return
    }
    if (mine !== question) return
    rows.value = start === rows.value ? fresh : new Map([...rows.value, ...fresh])
  }

  function numbers(): number[] {
    const first = Math.floor(shown[0] / PAGE)
    const last = Math.floor(shown[1] / PAGE)
    return Array.from({ length: last - first + 1 }, (_, i) => first + i)
  }

  async function show(first: number, last: number): Promise<void> {
    shown = [first, last]
    const missing = numbers().filter((page) => !asked.has(page))
    missing.forEach((page) => asked.add(page))
    if (missing.length > 0) await pages(missing, rows.value)
  }

  async function refresh(ready: () => Promise<void> = async () => undefined): Promise<void> {
    question += 1
    const mine = question
    const wanted = numbers()
    asked = new Set(wanted)
    const fresh = new Map<number, TodayRow>()
    try {
      const answers = await Promise.all(wanted.map((page) => read(page, fresh)))
      await ready()
      if (mine !== question) return
      head.value = answers.at(-1) ?? head.value
      rows.value = fresh
    } catch (error) {
      if (mine === question) refusal.value = refusalOf(error)
    }
  }

  return { head, rows, search, refusal, show, refresh }
}
