// A made-up visit and what follows from its facts: counts, missing things, the stage.
import type {
  ItemView,
  MissingCode,
  MissingView,
  Moment,
  PhaseView,
  VisitStage,
  VisitView,
} from '../types'
import type { FakeOrder } from './orders'
import { AFTER, phases, PRICES, REASONS, SURVEY, WHEN } from './pack'
import { isMending } from './review'
import { between, later } from './time'

export const TECHNICIAN = { staff_no: '3107', name: '周建国' }

/** A visit that was just opened. */
export function freshVisit(order: FakeOrder, id: string): VisitView {
  const { card } = order
  return {
    visit: id,
    order: card,
    pack: {
      id: 'cmcc-broadband',
      version: 1,
      name: '中国移动宽带装维',
      company: '中国移动',
      form_name: '服务质量记录表',
      id_word: '工号牌',
      hotline: '10086',
      continues: null,
    },
    pack_offer: null,
    technician: TECHNICIAN,
    own_phone: '0571-88000000',
    companions: [],
    stage: 'opened',
    phases: phases(),
    required_done: 0,
    required_total: 0,
    appointment: null,
    appointment_history: [],
    arrival: null,
    deadlines: [],
    milestones: [],
    calls: [],
    kits: [],
    devices: [],
    materials: [],
    fees: [],
    no_fees: false,
    fee_total: '0.00',
    other_photos: [],
    nobody_home: null,
    outcome: null,
    in_handover: false,
    statement: null,
    attested: {
      lang: 'zh',
      order_no: card.no,
      customer: card.customer,
      address: card.address,
      service: card.service,
      arrived: null,
      done: [],
      devices: [],
      materials: [],
      fees: [],
      fee_total: null,
      no_fees: false,
      unfinished: null,
      next_step: null,
    },
    survey: structuredClone(SURVEY),
    feedback_sealed: false,
    customer_signature: null,
    technician_signed_at: null,
    missing: [],
    optional_open: [],
    photo_count: 0,
    submissions: [],
    review: null,
    ticket_no: `${card.no}-1`,
    delivery: null,
    delivery_pending: false,
    undo: null,
    prior: [],
    reasons: structuredClone(REASONS),
    door_wait_seconds: 30,
    door_wait_most: null,
    prices: structuredClone(PRICES),
    service_hours: null,
    missed: null,
  }
}

/** Whether a row is switched on. */
function active(view: VisitView, item: ItemView): boolean {
  const fact = WHEN[item.id]
  if (!fact) return true
  return view.phases.some((p) => p.questions.some((q) => q.id === fact && q.value === true))
}

function proved(view: VisitView, item: ItemView): boolean {
  const e = item.evidence
  switch (e.kind) {
    case 'auto_call':
      return view.calls.some((c) => c.call.result === 'answered')
    case 'auto_appointment':
      return view.appointment !== null
    case 'auto_kit':
      return view.kits.some((k) => k.kit === e.kit && k.settled)
    case 'auto_milestone':
      return view.milestones.some((m) => m.milestone === e.milestone)
    case 'photo':
      return item.photos.length >= (item.photo_rule?.min ?? 0)
    case 'reading':
      return e.spec.slots.every((s) => !s.required || (s.value && (s.within !== false || s.reason)))
    case 'rows':
      if (e.list === 'fees') return view.no_fees || view.fees.length > 0
      return (e.list === 'devices' ? view.devices : view.materials).length >= Math.max(1, e.min)
    case 'consent':
      return e.given !== null && e.given.outcome !== 'refused'
    case 'feedback':
      return view.feedback_sealed || view.customer_signature !== null
    case 'customer_signature':
      return view.customer_signature !== null
    case 'technician_signature':
      return view.technician_signed_at !== null
    default:
      return item.answer !== null
  }
}

function rowPhotos(view: VisitView, item: ItemView): number {
  if (item.evidence.kind !== 'rows' || item.evidence.list !== 'devices') return 0
  return view.devices.reduce((sum, row) => sum + row.photos.length, 0)
}

function settle(view: VisitView, item: ItemView): void {
  if (item.answer?.type === 'not_applicable') item.status = 'not_applicable'
  else {
    const photos = item.photos.length + rowPhotos(view, item) >= (item.photo_rule?.min ?? 0)
    const done = proved(view, item)
    item.status = done && photos ? 'done' : done || item.photos.length > 0 ? 'partial' : 'open'
    if (item.status === 'partial' && item.evidence.kind === 'tick' && !done) item.status = 'open'
  }
}

const settled = (item: ItemView): boolean =>
  item.status === 'done' || item.status === 'not_applicable'

function stageOf(view: VisitView): VisitStage {
  const reached = (m: string): boolean => view.milestones.some((x) => x.milestone === m)
  if (view.submissions.length > 0 && !isMending(view)) return 'submitted'
  if (view.customer_signature) return 'customer_signed'
  if (view.nobody_home) return 'nobody_home'
  if (reached('entered')) return 'inside'
  if (reached('at_door')) return 'at_door'
  if (reached('downstairs')) return 'downstairs'
  if (reached('departed')) return 'departed'
  return view.appointment ? 'appointed' : 'opened'
}

const CODES: Partial<Record<ItemView['evidence']['kind'], MissingCode>> = {
  reading: 'reading',
  rows: 'rows',
  auto_appointment: 'appointment',
  auto_kit: 'kit',
  auto_gear: 'gear',
  consent: 'consent',
  auto_milestone: 'milestone',
  feedback: 'feedback',
  customer_signature: 'customer_signature',
  technician_signature: 'technician_signature',
}

function codeOf(item: ItemView): MissingCode {
  if (item.evidence.kind === 'rows' && item.evidence.list === 'fees') return 'fees'
  return CODES[item.evidence.kind] ?? 'item'
}

function missingOf(view: VisitView): MissingView[] {
  return view.phases.flatMap((phase) => [
    ...phase.questions
      .filter((q) => q.required && q.value === null)
      .map((q) => ({
        code: 'question' as const,
        phase: phase.id,
        phase_name: phase.name,
        item: null,
        text: q.text,
        count: 0,
      })),
    ...phase.items
      .filter((i) => i.required && !settled(i))
      .map((i) => {
        const photos = Math.max(0, (i.photo_rule?.min ?? 0) - i.photos.length)
        const lacksPhotos = photos > 0 && proved(view, i)
        return {
          code: lacksPhotos ? ('photos' as const) : codeOf(i),
          phase: phase.id,
          phase_name: phase.name,
          item: i.id,
          text: i.text,
          count: lacksPhotos ? photos : 0,
        }
      }),
  ])
}

function blockers(view: VisitView): void {
  const all = view.phases.flatMap((p) => p.items)
  for (const item of all) {
    const first = (AFTER[item.id] ?? [])
      .map((id) => all.find((i) => i.id === id))
      .find((i) => i !== undefined && !settled(i))
    item.blocked_by = first?.text ?? null
  }
}

function arrivalAndDeadlines(view: VisitView, now: Moment): void {
  const start = view.appointment?.start ?? view.order.promised_start
  const door = view.milestones.find(
    (m) => m.milestone === 'at_door' || m.milestone === 'downstairs',
  )
  const early = door ? between(door.at, start) : 0
  view.arrival = door
    ? { at: door.at, minutes_early: early, kept: early >= 5, least_early: 5, most_early: 10 }
    : null
  const near = (at: Moment): 'ahead' | 'soon' | 'passed' =>
    now.ms > at.ms ? 'passed' : between(now, at) <= 60 ? 'soon' : 'ahead'
  const deadline = (kind: 'change_notice' | 'arrive', at: Moment, from: Moment | null) => ({
    kind,
    from,
    at,
    minutes_left: between(now, at),
    nearness: near(at),
    clauses: kind === 'arrive' ? ['S37-12'] : ['S37-14'],
  })
  view.deadlines = door
    ? []
    : [
        deadline('change_notice', later(start, -120), null),
        deadline('arrive', later(start, -5), later(start, -10)),
      ]
}

function attest(view: VisitView): void {
  const fees = view.fees.flatMap((f) =>
    f.row.list === 'fees' ? [{ text: f.row.name, detail: f.total }] : [],
  )
  const total = view.fees.reduce((sum, f) => sum + Number(f.total ?? 0), 0)
  view.fee_total = total.toFixed(2)
  view.attested = {
    ...view.attested,
    done: view.phases
      .filter((p) => p.stage === 'inside')
      .flatMap((p) =>
        p.items.filter((i) => i.status === 'done').map((i) => ({ text: i.text, detail: null })),
      ),
    devices: view.devices.flatMap((d) =>
      d.row.list === 'devices' ? [{ text: `新装 ${d.row.name}`, detail: `SN ${d.row.sn}` }] : [],
    ),
    materials: view.materials.flatMap((m) =>
      m.row.list === 'materials'
        ? [{ text: m.row.name, detail: `${m.row.quantity} ${m.row.unit}` }]
        : [],
    ),
    fees,
    fee_total: view.no_fees || fees.length > 0 ? view.fee_total : null,
    no_fees: view.no_fees,
    unfinished: view.outcome && 'reason' in view.outcome ? view.outcome.reason : null,
    next_step: view.outcome?.kind === 'suspended' ? view.outcome.next_step : null,
  }
}

function count(phase: PhaseView): void {
  const must = phase.items.filter((i) => i.required)
  phase.total = must.length
  phase.done = must.filter(settled).length
  phase.tickable = phase.items.filter(
    (i) =>
      i.evidence.kind === 'tick' &&
      i.status === 'open' &&
      (i.photo_rule?.min ?? 0) === 0 &&
      !i.frozen,
  ).length
}

/** Rows that are switched off are kept here while they are off. */
const off = new WeakMap<VisitView, Map<string, { phase: string; index: number; item: ItemView }>>()

function switchRows(view: VisitView): void {
  const kept = off.get(view) ?? new Map<string, { phase: string; index: number; item: ItemView }>()
  off.set(view, kept)
  for (const item of view.phases.flatMap((p) => p.items)) kept.delete(item.id)
  for (const phase of view.phases) {
    for (const [id, entry] of kept) {
      if (entry.phase !== phase.id || !active(view, entry.item)) continue
      phase.items.splice(entry.index, 0, entry.item)
      kept.delete(id)
    }
    phase.items.forEach((item, index) => {
      if (!active(view, item)) kept.set(item.id, { phase: phase.id, index, item })
    })
    phase.items = phase.items.filter((item) => active(view, item))
  }
}

/** Works out everything that follows from the facts of a visit. */
export function recount(view: VisitView, now: Moment): void {
  switchRows(view)
  for (const item of view.phases.flatMap((p) => p.items)) {
    settle(view, item)
    const signed = view.customer_signature !== null && !isMending(view)
    item.frozen = signed && item.evidence.kind !== 'technician_signature'
  }
  blockers(view)
  view.phases.forEach(count)
  view.required_done = view.phases.reduce((sum, p) => sum + p.done, 0)
  view.required_total = view.phases.reduce((sum, p) => sum + p.total, 0)
  view.stage = stageOf(view)
  view.missing = view.stage === 'submitted' ? [] : missingOf(view)
  view.optional_open = view.phases.flatMap((p) =>
    p.items.filter((i) => !i.required && !settled(i)).map((i) => i.text),
  )
  view.photo_count =
    view.other_photos.length +
    view.devices.reduce((sum, d) => sum + d.photos.length, 0) +
    view.phases.reduce((sum, p) => sum + p.items.reduce((n, i) => n + i.photos.length, 0), 0)
  view.delivery_pending =
    view.submissions.length > 0 && (view.delivery === null || view.delivery.how === 'pending')
  arrivalAndDeadlines(view, now)
  attest(view)
}
