// The desk as a whole: what lies open, which photo is looked at, what a key does and what is said about it.
import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import {
  refusalOf,
  type Backend,
  type DeskSubmission,
  type DeskView,
  type Moment,
  type NewVerdict,
  type Refusal,
  type Verdict,
} from '@/backend'
import type { TextFn } from '@/i18n'
import { hm } from '@/lib/format'
import type { DeskKey } from './keys'
import { photosOf, type DeskPhoto } from './photos'
import { openDesk, rowKey, type Desk } from './useDesk'
import { openReading, SCORED, type Reading } from './useReading'
import { rowName, verdictWords } from './words'

/** The sheet in front of the desk. */
export type DeskSheet =
  | { sheet: 'verdict'; verdict: Verdict }
  | { sheet: 'many' }
  | { sheet: 'ticket' }
  | { sheet: 'zoom' }

/** What somebody needs who stands in for the page: texts, the clock, who sits here. */
export interface DeskGround {
  backend: Backend
  t: TextFn
  now: Ref<Moment>
  /** Staff number of the lead. */
  me: ComputedRef<string | null>
}

/** Everything the page shows. */
export interface LeadDesk {
  desk: Desk
  reading: Reading
  photos: ComputedRef<DeskPhoto[]>
  photo: Ref<number>
  looking: ComputedRef<DeskPhoto | null>
  sheet: ShallowRef<DeskSheet | null>
  /** The team's day lies in front of the queue. */
  day: Ref<boolean>
  /** What the last key did, for who listens. */
  said: Ref<string>
  /** The last thing done, in the foot until another row is chosen. */
  done: Ref<string>
  /** A verdict that came too late, in words. */
  late: Ref<string | null>
  refusal: ComputedRef<Refusal | null>
  dismiss(): void
  look(view: DeskView | 'day'): void
  /** Carries a key out; the keys that need the page itself (the search field) are not for here. */
  press(key: DeskKey): void
  showPhoto(photo: number): void
  /** Chooses a row by hand. */
  pick(index: number): void
  decide(given: Pick<NewVerdict, 'verdict' | 'reasons' | 'note'>): Promise<boolean>
  exportList(): Promise<void>
}

/** Sets the desk up; nothing is read yet. */
export function openLeadDesk({ backend, t, me }: DeskGround): LeadDesk {
  const desk = openDesk(backend)
  const reading = openReading(backend)
  const photo = ref(0)
  const sheet = shallowRef<DeskSheet | null>(null)
  const day = ref(false)
  const [said, done] = [ref(''), ref('')]
  const late = ref<string | null>(null)
  const failed = shallowRef<Refusal | null>(null)

  const photos = computed(() => {
    const now = reading.open.value
    return now ? photosOf(t, now.visit, now.flags) : []
  })
  const looking = computed(() => photos.value[photo.value] ?? null)
  const refusal = computed(() => failed.value ?? reading.refusal.value ?? desk.refusal.value)

  function dismiss(): void {
    failed.value = reading.refusal.value = desk.refusal.value = null
  }

  watch(
    () => (desk.row.value ? rowKey(desk.row.value) : null),
    () => {
      const row = desk.row.value
      if (row) void reading.read(row.visit, row.submission)
      else reading.close()
    },
  )
  // the photo that a flag is about comes first
  watch(reading.open, () => {
    photo.value = Math.max(
      0,
      photos.value.findIndex((p) => p.like !== null),
    )
  })

  function sayRow(): void {
    const row = desk.row.value
    if (!row) return
    const n = desk.chosen.value + 1
    const flags = row.flags > 0 ? t('desk.flagCount', { n: row.flags }) : t('desk.noFlags')
    said.value = t('desk.said.row', {
      n,
      total: desk.head.value?.total ?? 0,
      name: rowName(row),
      flags,
    })
  }

  async function go(index: number): Promise<void> {
    done.value = ''
    await desk.choose(index)
    sayRow()
  }

  function showPhoto(index: number): void {
    const all = photos.value.length
    if (all === 0) return
    photo.value = (index + all) % all
    const title = looking.value?.title ?? ''
    said.value = t('desk.said.photo', { n: photo.value + 1, all, title })
  }

  function score(n: number): void {
    const name = SCORED[n - 1]
    if (!name || !reading.decidable.value) return
    const points = reading.score(name)
    const what = t(`desk.score.${name}`)
    said.value =
      points === null ? t('desk.said.noScore', { what }) : t('desk.said.score', { what, n: points })
  }

  function look(view: DeskView | 'day'): void {
    done.value = ''
    day.value = view === 'day'
    if (view !== 'day') desk.view.value = view
  }

  /** The one who was first decides; the other hears of it. */
  function tell(answer: DeskSubmission, given: Verdict): void {
    const { row } = answer
    const first = answer.verdicts.find((v) => v.submission === row.submission && v.stands)
    const mine = verdictWords(t, given)
    if (first && me.value !== null && first.by.staff_no !== me.value) {
      const params = { name: rowName(row), lead: first.by.name, at: hm(first.at), mine }
      late.value = t('desk.tooLate', { ...params, verdict: verdictWords(t, first.verdict) })
      said.value = late.value
      return
    }
    done.value = t('desk.doneWith', { name: rowName(row), verdict: mine })
    said.value = done.value
  }

  async function decide(given: Pick<NewVerdict, 'verdict' | 'reasons' | 'note'>): Promise<boolean> {
    const answer = await reading.give(given)
    if (!answer) return false
    tell(answer, given.verdict)
    sheet.value = null
    const place = desk.chosen.value
    await desk.refresh()
    const still = desk.row.value
    if (still && rowKey(still) === rowKey(answer.row)) await desk.choose(place + 1)
    return true
  }

  async function exportList(): Promise<void> {
    try {
      done.value = t('desk.exported', { path: await backend.deskExport(desk.query.value) })
      said.value = done.value
    } catch (error) {
      failed.value = refusalOf(error)
    }
  }

  function verdict(key: 'approve' | 'explain' | 'return' | 'rework'): void {
    if (!reading.decidable.value) return
    if (key === 'approve') void decide({ verdict: 'approved', reasons: [], note: null })
    else {
      const wanted = { explain: 'approved', return: 'returned', rework: 'rework' } as const
      sheet.value = { sheet: 'verdict', verdict: wanted[key] }
    }
  }

  function press(key: DeskKey): void {
    if (day.value) return
    switch (key.key) {
      case 'row':
        return void go(desk.chosen.value + key.by)
      case 'next':
        return void go(desk.chosen.value + 1)
      case 'end':
        return void go(key.at === 'first' ? 0 : Number.MAX_SAFE_INTEGER)
      case 'photo':
        return showPhoto(photo.value + key.by)
      case 'zoom':
        if (looking.value) sheet.value = { sheet: 'zoom' }
        return
      case 'ticket':
        if (reading.open.value) sheet.value = { sheet: 'ticket' }
        return
      case 'score':
        return score(key.n)
      case 'search':
        return
      default:
        return verdict(key.key)
    }
  }

  return {
    ...{ desk, reading, photos, photo, looking, sheet, day, said, done, late, refusal },
    ...{
      dismiss,
      look,
      press,
      showPhoto,
      decide,
      exportList,
      pick: (index: number) => void go(index),
    },
  }
}
