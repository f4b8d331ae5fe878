// The submission that lies open on the desk, and what the lead says of it.
import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import {
  refusalOf,
  type Backend,
  type DeskSubmission,
  type NewVerdict,
  type Refusal,
  type Score,
} from '@/backend'

/** What is scored, in the order of the number keys. */
export const SCORED: readonly Score['name'][] = ['standard', 'tidy', 'photos']
/** The best score. */
export const MOST_POINTS = 5

/** Points by what they are for. */
export type Points = Readonly<Partial<Record<Score['name'], number>>>

/** The open submission. */
export interface Reading {
  /** Null while nothing is open or its answer has not come. */
  open: ShallowRef<DeskSubmission | null>
  refusal: ShallowRef<Refusal | null>
  points: Ref<Points>
  /** Whether a verdict may be given: the newest submission, not decided yet, none on its way. */
  decidable: ComputedRef<boolean>
  /** A verdict is on its way. */
  giving: Ref<boolean>
  /** Opens a submission; while one is being read, only the last wish counts. */
  read(visit: string, submission: number): Promise<void>
  close(): void
  /** 5 at first, one less each time, then none. Answers the points now. */
  score(name: Score['name']): number | null
  /** Gives a verdict on what is open; answers the submission as it stands then, null when refused. */
  give(given: Pick<NewVerdict, 'verdict' | 'reasons' | 'note'>): Promise<DeskSubmission | null>
}

/** Scores as they travel. */
function scoresOf(points: Points): Score[] {
  return SCORED.flatMap((name) => {
    const given = points[name]
    return given === undefined ? [] : [{ name, points: given }]
  })
}

/** An empty desk top. */
export function openReading(backend: Backend): Reading {
  const open = shallowRef<DeskSubmission | null>(null)
  const refusal = shallowRef<Refusal | null>(null)
  const points = ref<Points>({})
  const giving = ref(false)
  let wanted: { visit: string; submission: number } | null = null
  let busy = false

  const decidable = computed(() => {
    const now = open.value
    if (!now || giving.value || now.row.verdict !== null) return false
    return now.row.submission >= Math.max(0, ...now.submissions.map((s) => s.n))
  })

  async function next(): Promise<void> {
    const wish = wanted
    if (!wish) return
    try {
      const answer = await backend.deskSubmission(wish.visit, wish.submission)
      if (wanted !== wish) return
      open.value = answer
      refusal.value = null
      points.value = {}
    } catch (error) {
      if (wanted !== wish) return
      open.value = null
      refusal.value = refusalOf(error)
    }
  }

  async function read(visit: string, submission: number): Promise<void> {
    const same = open.value?.row.visit === visit && open.value.row.submission === submission
    wanted = { visit, submission }
    // what is on the desk must be what the keys decide
    if (!same) open.value = null
    if (busy) return
    busy = true
    let served = null
    while (wanted !== served) {
      served = wanted
      await next()
    }
    busy = false
  }

  function close(): void {
    wanted = null
    open.value = null
    points.value = {}
  }

  function score(name: Score['name']): number | null {
    const before = points.value[name]
    const after = before === undefined ? MOST_POINTS : before - 1
    points.value = Object.fromEntries(
      SCORED.map((other) => [other, other === name ? after : points.value[other]] as const).filter(
        ([, n]) => n !== undefined && n > 0,
      ),
    )
    return points.value[name] ?? null
  }

  async function give(
    given: Pick<NewVerdict, 'verdict' | 'reasons' | 'note'>,
  ): Promise<DeskSubmission | null> {
    const row = open.value?.row
    if (!row || !decidable.value) return null
    giving.value = true
    try {
      const { visit, submission } = row
      const scores = scoresOf(points.value)
      const answer = await backend.giveVerdict({ visit, submission, ...given, scores })
      refusal.value = null
      if (open.value?.row === row) open.value = answer
      return answer
    } catch (error) {
      refusal.value = refusalOf(error)
      return null
    } finally {
      giving.value = false
    }
  }

  return { open, refusal, points, decidable, giving, read, close, score, give }
}
