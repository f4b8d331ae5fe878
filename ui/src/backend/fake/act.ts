// What a command changes in a made-up visit. Only the refusals that screens show are here.
import { refuse } from '..'
import type {
  Answer,
  Claim,
  Command,
  Moment,
  ReadingValue,
  RowData,
  RowView,
  VisitView,
} from '../types'
import { REASONS } from './pack'
import { later } from './time'
import { attestedChanged, isMending, noteMended, takeMended } from './review'
import { pieces } from './gear'
import { recount } from './visit'

/** Everything a change needs beside the visit. */
export interface Ground {
  now: Moment
  newId(): string
}

type Do = Command['do']
type Of<K extends Do> = Extract<Command, { do: K }>

const TAPS: Do[] = [
  'reach',
  'answer',
  'tick_phase',
  'clear',
  'set_fact',
  'put_row',
  'remove_row',
  'declare_no_fees',
]
const history = new WeakMap<VisitView, VisitView[]>()

function findItem(view: VisitView, id: string) {
  const item = view.phases.flatMap((p) => p.items).find((i) => i.id === id)
  if (!item) throw refuse('item_unknown', { item: id })
  return item
}

function within(value: string, min: string | null, max: string | null): boolean {
  const v = Number(value)
  return (min === null || v >= Number(min)) && (max === null || v <= Number(max))
}

function fillSlots(
  view: VisitView,
  id: string,
  values: Record<string, ReadingValue | undefined>,
): void {
  const { evidence } = findItem(view, id)
  if (evidence.kind !== 'reading') throw refuse('answer_mismatch')
  const { spec } = evidence
  for (const slot of spec.slots) {
    const given = values[slot.id]
    slot.value = given?.value ?? null
    slot.reason = given?.reason ?? null
    slot.within = given ? within(given.value, spec.min, spec.max) : null
  }
}

function answer(
  view: VisitView,
  id: string,
  given: Answer,
  claim: Claim | null,
  now: Moment,
): void {
  const item = findItem(view, id)
  if (item.frozen) throw refuse('signed_content')
  if (item.blocked_by) throw refuse('item_too_early', { item: item.blocked_by })
  if (given.type === 'reading') fillSlots(view, id, given.values)
  item.answer = given
  item.at = claim?.at ?? now
  item.late = claim
}

function clear(view: VisitView, id: string): void {
  const item = findItem(view, id)
  if (item.frozen) throw refuse('signed_content')
  item.answer = null
  item.at = null
  item.late = null
  if (item.evidence.kind === 'reading') fillSlots(view, id, {})
}

function tickPhase(view: VisitView, id: string, now: Moment): void {
  const phase = view.phases.find((p) => p.id === id)
  for (const item of phase?.items ?? []) {
    const plain = item.evidence.kind === 'tick' && (item.photo_rule?.min ?? 0) === 0
    if (!plain || item.answer || item.frozen) continue
    answer(view, item.id, { type: 'tick' }, null, now)
    recount(view, now)
  }
}

function rowsOf(view: VisitView, list: RowData['list']): RowView[] {
  return view[list]
}

function putRow(view: VisitView, command: Of<'put_row'>, ground: Ground): void {
  const { row } = command
  if (row.name.trim() === '') throw refuse('row_invalid', { field: 'name' })
  if (row.list === 'devices' && row.sn.trim() === '') throw refuse('row_invalid', { field: 'sn' })
  if (row.list !== 'devices' && !(Number(row.quantity) > 0))
    throw refuse('row_invalid', { field: 'quantity' })
  const total =
    row.list === 'fees' ? (Number(row.unit_price) * Number(row.quantity)).toFixed(2) : null
  const rows = rowsOf(view, row.list)
  const known = rows.find((r) => r.row_id === command.row_id)
  if (known) Object.assign(known, { row, total })
  else rows.push({ row_id: ground.newId(), row, photos: [], total })
  if (row.list === 'fees') view.no_fees = false
}

const ORDER = ['departed', 'downstairs', 'at_door', 'entered', 'left'] as const

function reach(view: VisitView, { milestone, claim }: Of<'reach'>, now: Moment): void {
  if (view.milestones.some((m) => m.milestone === milestone)) {
    throw refuse('milestone_recorded', { milestone })
  }
  if (milestone === 'departed' && view.kits.some((k) => !k.settled))
    throw refuse('kit_not_checked', { kit: '五个一' })
  const before = milestone === 'entered' ? 'at_door' : milestone === 'left' ? 'entered' : null
  if (before && !view.milestones.some((m) => m.milestone === before)) {
    throw refuse('milestone_order', { milestone: before })
  }
  if (milestone === 'entered') {
    const item = view.phases.flatMap((p) => p.items).find((i) => i.id === 'entered')
    if (item?.blocked_by) throw refuse('item_too_early', { item: item.blocked_by })
  }
  view.milestones.push({ milestone, at: claim?.at ?? now, claim })
  view.milestones.sort((a, b) => ORDER.indexOf(a.milestone) - ORDER.indexOf(b.milestone))
}

function agree(
  view: VisitView,
  c: Of<'agree_appointment'> | Of<'change_appointment'>,
  now: Moment,
): void {
  if (c.end && c.end.ms <= c.start.ms) throw refuse('window_reversed')
  const was = view.appointment?.start ?? view.order.promised_start
  if (view.appointment) view.appointment_history.push(view.appointment)
  const change =
    c.do === 'change_appointment'
      ? { reason: c.reason, cause: c.cause, notified_at: c.notified_at, was }
      : null
  const notice = change ? Math.trunc((was.ms - change.notified_at.ms) / 60_000) : null
  view.appointment = {
    start: c.start,
    end: c.end,
    proposed_by: c.proposed_by,
    note: c.note,
    agreed_at: now,
    change,
    notice_minutes: notice,
    notice_kept: notice === null ? null : notice >= 120,
  }
}

function nobodyHome(view: VisitView, c: Of<'nobody_home'>, now: Moment): void {
  const unanswered = view.calls.some(
    (x) => x.call.result !== 'answered' && x.call.purpose === 'at_door',
  )
  if (!unanswered) throw refuse('call_first')
  const arrived = view.milestones.find((m) => m.milestone === 'at_door')?.at ?? now
  const { cause, contact, person, note } = c
  view.nobody_home = { cause, contact, person, note, arrived_at: arrived, leaving_at: now }
  view.outcome = { kind: 'nobody_home' }
}

function removePhoto(view: VisitView, id: string): void {
  const holders = [
    ...view.phases.flatMap((p) => p.items),
    ...view.devices,
    { photos: view.other_photos },
  ]
  const holder = holders.find((h) => h.photos.some((p) => p.id === id))
  if (!holder) throw refuse('photo_unknown')
  holder.photos.splice(
    holder.photos.findIndex((p) => p.id === id),
    1,
  )
}

function submit(view: VisitView, now: Moment): void {
  if (view.missing.length > 0)
    throw refuse('submission_blocked', { count: String(view.missing.length) })
  const outcome = view.outcome ?? { kind: 'completed' as const }
  view.outcome = outcome
  view.submissions.push({
    n: view.submissions.length + 1,
    at: now,
    outcome,
    digest: 'ab'.repeat(32),
    ...takeMended(view),
  })
}

function undo(view: VisitView): void {
  const before = history.get(view)?.pop()
  if (!before) throw refuse('nothing_to_undo')
  Object.assign(view, before)
}

const RULES: { [K in Do]: (view: VisitView, command: Of<K>, ground: Ground) => void } = {
  reveal_phone: () => undefined,
  log_call: (v, c, g) => void v.calls.push({ call: c.call, at: g.now }),
  agree_appointment: (v, c, g) => agree(v, c, g.now),
  change_appointment: (v, c, g) => agree(v, c, g.now),
  reach: (v, c, g) => reach(v, c, g.now),
  answer: (v, c, g) => answer(v, c.item.item, c.item.answer, c.claim, g.now),
  tick_phase: (v, c, g) => tickPhase(v, c.phase, g.now),
  clear: (v, c) => clear(v, c.item),
  set_fact: (v, c) => {
    for (const q of v.phases.flatMap((p) => p.questions)) if (q.id === c.fact) q.value = c.value
  },
  put_row: (v, c, g) => putRow(v, c, g),
  remove_row: (v, c) => {
    const rows = rowsOf(v, c.list)
    rows.splice(
      rows.findIndex((r) => r.row_id === c.row_id),
      1,
    )
  },
  declare_no_fees: (v, c) => {
    if (c.none && v.fees.length > 0) throw refuse('fees_contradict')
    v.no_fees = c.none
  },
  remove_photo: (v, c) => removePhoto(v, c.photo),
  add_companion: (v, c) => {
    if (!c.staff_no.trim() || v.companions.some((x) => x.staff_no === c.staff_no))
      throw refuse('companion_invalid')
    v.companions.push({ staff_no: c.staff_no, name: c.name })
  },
  remove_companion: (v, c) => {
    v.companions = v.companions.filter((x) => x.staff_no !== c.staff_no)
  },
  nobody_home: (v, c, g) => nobodyHome(v, c, g.now),
  set_outcome: (v, c) => {
    if (c.outcome.kind === 'suspended' && !c.outcome.next_step.trim())
      throw refuse('next_step_missing')
    v.outcome = c.outcome
  },
  start_handover: (v) => {
    if (v.customer_signature) throw refuse('already_signed')
    v.in_handover = true
  },
  start_consent: (v, c) => {
    const item = findItem(v, c.item)
    if (item.evidence.kind !== 'consent') throw refuse('answer_mismatch')
    if (item.blocked_by) throw refuse('item_too_early', { item: item.blocked_by })
    v.in_handover = true
    v.statement = {
      lang: 'zh',
      order_no: v.order.no,
      customer: v.order.customer,
      address: v.order.address,
      item: item.id,
      title: item.text,
      text: item.evidence.statement,
    }
  },
  check_gear: (v, c, g) => {
    const found = pieces(g.now)
    const bad = found.filter((p) => p.standing !== 'good' && p.standing !== 'soon')
    if (bad.length > 0 && !c.reason?.trim())
      throw refuse('gear_reason_missing', { gear: bad.map((p) => p.name).join('、') })
    const answered = found.map((p) => ({ id: p.id, due: p.due, good: !bad.includes(p) }))
    answer(v, c.item, { type: 'gear', pieces: answered, reason: c.reason }, null, g.now)
  },
  end_handover: (v) => {
    v.in_handover = false
    v.statement = null
  },
  give_feedback: (v, c) => {
    if (v.feedback_sealed) throw refuse('feedback_sealed')
    if (v.survey.some((q) => !c.feedback.answers[q.id])) throw refuse('feedback_incomplete')
    v.feedback_sealed = true
  },
  reopen_signature: (v) => {
    v.customer_signature = null
  },
  cannot_mend: (v, c) => {
    if (!c.reason.trim()) throw refuse('reason_missing')
    if (!isMending(v)) throw refuse('not_sent_back')
    noteMended(v, c.reason)
  },
  submit: (v, _, g) => submit(v, g.now),
  record_delivery: (v, c) => {
    if (v.submissions.length === 0) throw refuse('not_submitted')
    v.delivery = c.delivery
  },
  undo: (v) => undo(v),
}

/** Changes `view`, or throws a refusal and leaves it as it was. */
export function act(view: VisitView, command: Command, ground: Ground): void {
  const free: Do[] = ['record_delivery', 'reveal_phone', 'log_call']
  const closed = view.submissions.length > 0 && !isMending(view)
  if (closed && !free.includes(command.do)) throw refuse('visit_submitted')
  if (view.in_handover && !['end_handover', 'give_feedback'].includes(command.do))
    throw refuse('in_handover')
  const before = structuredClone(view)
  try {
    const rule = RULES[command.do] as (view: VisitView, command: Command, ground: Ground) => void
    rule(view, structuredClone(command), ground)
  } catch (refusal) {
    Object.assign(view, before)
    throw refusal
  }
  // a wrong serial number does, a photo does not: the customer puts the name under what stands there now
  if (isMending(view) && TAPS.includes(command.do)) noteMended(view)
  if (view.review && isMending(view) && attestedChanged(before, view)) {
    view.review.customer_signs_again = true
    view.customer_signature = null
  }
  remember(view, before, command)
  recount(view, ground.now)
}

function remember(view: VisitView, before: VisitView, command: Command): void {
  const steps = history.get(view) ?? []
  history.set(view, steps)
  if (TAPS.includes(command.do)) steps.push(before)
  else if (command.do !== 'undo') steps.length = 0
  const item = command.do === 'answer' ? command.item.item : null
  const text = view.phases.flatMap((p) => p.items).find((i) => i.id === item)?.text ?? null
  if (TAPS.includes(command.do)) view.undo = { kind: command.do, text }
  else if (command.do !== 'undo') view.undo = null
}

/** A reason from the chips, for made-up history. */
export function suspendedFor(reason: string, now: Moment): Of<'set_outcome'>['outcome'] {
  const chip = REASONS.suspend.find((c) => c.text === reason)
  return {
    kind: 'suspended',
    reason,
    next_step: '约物业疏通管道',
    call_back_by: later(now, 8 * 60),
    not_ours: chip?.not_ours ?? false,
  }
}
