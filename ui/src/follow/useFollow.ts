// The two lists of what follows a visit. SQLite is the truth: after every change the shown rows are read again.
import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import {
  refusalOf,
  type Backend,
  type FollowCounts,
  type FollowQuery,
  type IssueView,
  type PlanView,
  type Refusal,
} from '@/backend'

/** Which of the two. */
export type FollowTab = 'issues' | 'plans'

const PAGE = 20

interface Answer<T> {
  counts: FollowCounts
  rows: T[]
}

/** The page's state. */
export interface Follow {
  tab: Ref<FollowTab>
  closed: Ref<boolean>
  issues: ShallowRef<IssueView[]>
  plans: ShallowRef<PlanView[]>
  /** Null until the first answer came. */
  counts: ShallowRef<Record<FollowTab, FollowCounts> | null>
  refusal: ShallowRef<Refusal | null>
  /** There is more of the list that is shown. */
  more: ComputedRef<boolean>
  /** Reads both lists again, as far as they were shown, and shows them once `ready` lets it. */
  refresh(ready?: () => Promise<void>): Promise<void>
  showMore(): Promise<void>
}

/** Opens the lists; nothing is read yet. */
export function openFollow(backend: Backend): Follow {
  const tab = ref<FollowTab>('issues')
  const closed = ref(false)
  const issues = shallowRef<IssueView[]>([])
  const plans = shallowRef<PlanView[]>([])
  const counts = shallowRef<Record<FollowTab, FollowCounts> | null>(null)
  const refusal = shallowRef<Refusal | null>(null)
  let pages = 1
  // answers to an older question are dropped
  let question = 0

  async function read<T>(ask: (query: FollowQuery) => Promise<Answer<T>>): Promise<Answer<T>> {
    const all: Answer<T>[] = []
    for (let page = 0; page < pages; page += 1)
      all.push(await ask({ closed: closed.value, offset: page * PAGE, limit: PAGE }))
    const [first] = all
    if (!first) throw new Error('no page was asked for')
    return { counts: first.counts, rows: all.flatMap((answer) => answer.rows) }
  }

  async function refresh(ready: () => Promise<void> = async () => undefined): Promise<void> {
    question += 1
    const mine = question
    try {
      const first = await read((query) => backend.issues(query))
      const second = await read((query) => backend.plans(query))
      await ready()
      if (mine !== question) return
      issues.value = first.rows
      plans.value = second.rows
      counts.value = { issues: first.counts, plans: second.counts }
    } catch (error) {
      if (mine === question) refusal.value = refusalOf(error)
    }
  }

  const more = computed(() => {
    const now = counts.value?.[tab.value]
    const shown = tab.value === 'issues' ? issues.value.length : plans.value.length
    return now !== undefined && shown < (closed.value ? now.closed : now.open)
  })

  async function showMore(): Promise<void> {
    pages += 1
    await refresh()
  }

  return { tab, closed, issues, plans, counts, refusal, more, refresh, showMore }
}
