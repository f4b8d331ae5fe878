// Which rows a reason can be given for, and the reasons that stand ready.
import type { DeskSubmission, NewVerdict, Verdict } from '@/backend'
import type { MessageKey, TextFn } from '@/i18n'
import type { DeskPhoto } from './photos'
import { singledOut } from './words'

/** A row that can be chosen. `item` null is the visit as a whole. */
export interface Choice {
  item: string | null
  title: string
  /** Why it stands on top, or the phase it belongs to. */
  hint: string
  kind: 'whole' | 'photo' | 'reading' | 'row' | 'item'
}

const READY: Readonly<Record<Choice['kind'], readonly MessageKey[]>> = {
  whole: ['desk.why.unclear', 'desk.why.unlike', 'desk.why.customer'],
  photo: ['desk.why.blurry', 'desk.why.notShown', 'desk.why.sameAsOther', 'desk.why.retake'],
  reading: ['desk.why.readingPhoto', 'desk.why.readingLimit', 'desk.why.again'],
  row: ['desk.why.serial', 'desk.why.blurry', 'desk.why.missing'],
  item: ['desk.why.notDone', 'desk.why.unclear', 'desk.why.needPhoto'],
}
const REWORK: readonly MessageKey[] = [
  'desk.why.redo',
  'desk.why.weak',
  'desk.why.untidy',
  'desk.why.damage',
  'desk.why.complaint',
]
const APPROVE: readonly MessageKey[] = ['desk.why.cannotMend', 'desk.why.checkedByPhone']

/** The reasons that stand ready for a row. */
export function readyReasons(t: TextFn, verdict: Verdict, kind: Choice['kind']): string[] {
  const keys = verdict === 'rework' ? REWORK : verdict === 'approved' ? APPROVE : READY[kind]
  return keys.map((key) => t(key))
}

function everyRow(open: DeskSubmission): Choice[] {
  const { visit } = open
  return visit.phases.flatMap((phase) =>
    phase.items.flatMap((item) => {
      const own: Choice = {
        item: item.id,
        title: item.text,
        hint: phase.name,
        kind:
          item.evidence.kind === 'reading'
            ? 'reading'
            : item.photos.length > 0 || item.evidence.kind === 'photo'
              ? 'photo'
              : 'item',
      }
      if (item.evidence.kind !== 'rows') return [own]
      const rows = visit[item.evidence.list].map((r): Choice => ({
        item: r.row_id,
        title: r.row.name,
        hint: phase.name,
        kind: 'row',
      }))
      return [own, ...rows]
    }),
  )
}

/**
 * All rows: first the one whose photo is being looked at, then those that flags name, then the visit as a whole,
 * then the others in the order of the visit.
 */
export function choices(t: TextFn, open: DeskSubmission, looking: DeskPhoto | null): Choice[] {
  const all = everyRow(open)
  const flagged = singledOut(open.flags)
  const whole: Choice = { item: null, title: t('desk.whole'), hint: '', kind: 'whole' }
  const first = all
    .filter((c) => looking?.item !== null && c.item === looking?.item)
    .map((c): Choice => ({
      ...c,
      hint: t('desk.lookingAt'),
      kind: c.kind === 'item' ? 'photo' : c.kind,
    }))
  const marked = all
    .filter((c) => c.item !== null && flagged.has(c.item) && c.item !== looking?.item)
    .map((c) => ({ ...c, hint: t('desk.flagged') }))
  const named = new Set([...first, ...marked].map((c) => c.item))
  return [...first, ...marked, whole, ...all.filter((c) => !named.has(c.item))]
}

/** The reasons as they travel: rows without words are left out. */
export function reasonsOf(
  chosen: readonly Choice[],
  words: ReadonlyMap<string | null, string>,
): NewVerdict['reasons'] {
  return chosen.flatMap(({ item }) => {
    const reason = words.get(item)?.trim() ?? ''
    return reason === '' ? [] : [{ item, reason }]
  })
}
