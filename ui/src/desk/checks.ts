// The checklist as a lead reads it: what is out of the ordinary and what was measured; the rest in one line a phase.
import type { ItemView, PhaseView, RowView, VisitView } from '@/backend'
import type { TextFn } from '@/i18n'
import { hm, minus } from '@/lib/format'
import { consentWords } from '@/visit/words'

/** One line of the list. */
export interface Check {
  key: string
  tone: 'done' | 'soon' | 'idle'
  words: string
  /** What stands out within the words: a measured value. */
  strong: string
  /** The fact on the right. */
  fact: string
  /** The row it is about; none for a phase's summary. */
  item: string | null
}

/** A phase opened up. */
export interface CheckPhase {
  id: string
  name: string
  count: string
  lines: Check[]
}

const plain = (key: string, words: string, more: Partial<Check> = {}): Check => ({
  ...{ key, words, tone: 'done', strong: '', fact: '', item: null },
  ...more,
})

function reading(t: TextFn, item: ItemView): Check | null {
  if (item.evidence.kind !== 'reading') return null
  const { spec } = item.evidence
  const last = spec.slots.filter((s) => s.value !== null).at(-1)
  if (!last || last.value === null) return null
  const { min, max } = spec
  const limits =
    min !== null && max !== null
      ? t('desk.limits', { min: minus(min), max: minus(max) })
      : min !== null
        ? `≥ ${minus(min)}`
        : max !== null
          ? `≤ ${minus(max)}`
          : ''
  const before = spec.slots.filter((s) => s.value !== null && s !== last)
  const earlier = before.map((s) => `${s.name} ${minus(s.value ?? '')}`)
  return plain(item.id, [item.text, ...earlier, last.name].join(' '), {
    tone: last.within === false ? 'soon' : 'done',
    strong: `${minus(last.value)} ${spec.unit}`,
    fact: last.within === false && last.reason ? last.reason : limits,
    item: item.id,
  })
}

/** Why a row is out of the ordinary; null when it is not. */
function oddity(t: TextFn, item: ItemView): string | null {
  if (item.answer?.type === 'not_applicable')
    return t('row.naBecause', { reason: item.answer.reason })
  if (item.answer?.type === 'mismatch') return t('row.mismatchNote', { note: item.answer.note })
  const said = consentWords(t, item)
  if (said && item.evidence.kind === 'consent' && item.evidence.given?.outcome !== 'signed')
    return said
  if (item.answer?.type === 'gear' && item.answer.reason) return item.answer.reason
  if (item.late) return `${t('row.late', { at: hm(item.late.at) })} · ${item.late.reason}`
  if (item.required && item.status !== 'done') return t(`status.${item.status}`)
  return null
}

function rowLine(t: TextFn, view: RowView): Check {
  const { row } = view
  if (row.list === 'devices') {
    const photos = t('desk.photoCount', { n: view.photos.length })
    const words = `${row.name} SN ${row.sn} ${t(`device.${row.action}`)}`
    return plain(view.row_id, words, { fact: photos, item: view.row_id })
  }
  if (row.list === 'materials')
    return plain(view.row_id, row.name, {
      fact: `${row.quantity} ${row.unit}`,
      item: view.row_id,
    })
  const agreed = row.told_at && row.agreed_at
  return plain(view.row_id, `${row.name} ${t('money', { yuan: view.total ?? '' })}`, {
    tone: agreed ? 'done' : 'soon',
    fact: agreed ? t('rows.fees.agreedAt', { at: hm(row.agreed_at!) }) : t('rows.fees.notAgreed'),
    item: view.row_id,
  })
}

/** The lines of devices, materials or fees that belong to an item. */
function listed(t: TextFn, visit: VisitView, item: ItemView): Check[] | null {
  if (item.evidence.kind !== 'rows') return null
  const rows = visit[item.evidence.list].map((row) => rowLine(t, row))
  if (item.evidence.list === 'fees' && visit.no_fees)
    rows.push(
      plain(item.id, t('rows.fees.none'), {
        // what the customer signed says so
        fact: visit.customer_signature ? t('desk.inSigned') : '',
        item: item.id,
      }),
    )
  return rows
}

function answered(t: TextFn, item: ItemView): string {
  const { answer } = item
  if (answer?.type === 'text') return answer.text
  if (answer?.type === 'choice' && item.evidence.kind === 'choice') {
    const option = item.evidence.options.find((o) => o.id === answer.option)?.text ?? answer.option
    return answer.note ? `${option} · ${answer.note}` : option
  }
  if (answer?.type === 'time') return hm(answer.at)
  if (answer?.type === 'date') return answer.date
  if (item.photos.length > 0) return t('desk.photoCount', { n: item.photos.length })
  return item.at ? hm(item.at) : ''
}

function toneOf(item: ItemView): Check['tone'] {
  if (item.status === 'done') return 'done'
  return item.required && item.status !== 'not_applicable' ? 'soon' : 'idle'
}

/** The lines that an item always has. */
function special(t: TextFn, visit: VisitView, item: ItemView): Check[] | null {
  const rows = listed(t, visit, item)
  if (rows && rows.length > 0) return rows
  const measured = reading(t, item)
  if (measured) return [measured]
  const odd = oddity(t, item)
  return odd ? [plain(item.id, item.text, { tone: 'soon', fact: odd, item: item.id })] : null
}

const counted = (phase: PhaseView): string => `${phase.done}/${phase.total}`

/** Folded: one line a phase for what went as it should, a line for everything else. */
export function folded(t: TextFn, visit: VisitView): Check[] {
  return visit.phases.flatMap((phase) => {
    const named: string[] = []
    const lines: Check[] = []
    for (const item of phase.items) {
      const own = special(t, visit, item)
      if (own) lines.push(...own)
      else if (item.status === 'done') named.push(item.text)
    }
    const fact = `${phase.name} ${counted(phase)}`
    const summary = plain(`phase-${phase.id}`, named.join(t('list.comma')), { fact })
    return named.length > 0 ? [summary, ...lines] : lines
  })
}

/** Unfolded: every row under its phase. */
export function unfolded(t: TextFn, visit: VisitView): CheckPhase[] {
  return visit.phases.map((phase) => ({
    id: phase.id,
    name: phase.name,
    count: counted(phase),
    lines: phase.items.flatMap(
      (item) =>
        special(t, visit, item) ?? [
          plain(item.id, item.text, {
            tone: toneOf(item),
            fact: answered(t, item),
            item: item.id,
          }),
        ],
    ),
  }))
}
