// The made-up tablet: orders, visits, kits, and what Today shows of them.
import { refuse } from '..'
import type {
  DispatchNews,
  GoneOrder,
  KitView,
  Moment,
  OrderDetail,
  OutcomeKind,
  RowAction,
  RowState,
  TemporaryOrder,
  TodayPage,
  TodayQuery,
  TodayRow,
  VisitView,
} from '../types'
import { act, suspendedFor } from './act'
import { fiveOrders, manyOrders, type FakeOrder } from './orders'
import { fiveOnes } from './pack'
import { playOut } from './finished'
import { giveVerdict, isMending } from './review'
import { at, between, later } from './time'
import { freshVisit, recount } from './visit'

type Verdict =
  Parameters<typeof giveVerdict> extends [unknown, unknown, ...infer Rest] ? Rest : never

/** A made-up tablet. */
export class World {
  now: Moment = at('13:22')
  orders: FakeOrder[]
  visits: VisitView[] = []
  kits: KitView[] = [fiveOnes(at('08:05'))]
  places = new Map<string, string>()
  looks: string[] = []
  private ids = 0

  constructor(count: number) {
    this.orders = count === 5 ? fiveOrders() : manyOrders(count)
    if (count === 5) this.playMorning()
  }

  newId = (): string => `id-${(this.ids += 1)}`

  order(stream: string): FakeOrder {
    const order = this.orders.find((o) => o.card.stream === stream)
    if (!order) throw refuse('order_unknown')
    return order
  }

  visit(id: string): VisitView {
    const visit = this.visits.find((v) => v.visit === id)
    if (!visit) throw refuse('visit_unknown')
    return visit
  }

  newest(order: string): VisitView | undefined {
    return this.visits.filter((v) => v.order.stream === order).at(-1)
  }

  open(stream: string): VisitView {
    const order = this.order(stream)
    if (order.card.cancelled) throw refuse('order_cancelled')
    const newest = this.newest(stream)
    if (newest && newest.stage !== 'submitted') return newest
    const visit = freshVisit(order, `visit-${order.card.short_no}-${this.newId()}`)
    visit.kits = this.kits
    recount(visit, this.now)
    this.visits.push(visit)
    return visit
  }

  /** A visit used something of the kit up. */
  useUp(member: string): void {
    for (const kit of this.kits) {
      for (const m of kit.members)
        if (m.id === member) Object.assign(m, { present: null, used: true })
      kit.settled = false
    }
  }

  /** The lead's verdict on an order's newest visit arrives. */
  review(order: string, ...verdict: Verdict): VisitView {
    const visit = this.newest(order)
    if (!visit) throw refuse('visit_unknown')
    giveVerdict(visit, this.ground(), ...verdict)
    return visit
  }

  /** 临时工单 */
  addTemporary(order: TemporaryOrder): string {
    const n = String(this.orders.length + 1).padStart(4, '0')
    const stream = `order/temporary-${n}`
    const first = this.orders[0]
    if (!first) throw refuse('internal')
    this.orders.push({
      phone: order.phone,
      standard: order.standard,
      card: {
        ...first.card,
        stream,
        no: `L20261122-${n}`,
        short_no: `L${n}`,
        customer: order.customer,
        phone_masked: `${order.phone.slice(0, 3)}****${order.phone.slice(-4)}`,
        address: order.address,
        service: order.service,
        job: order.job,
        note: order.note,
        promised_start: order.start,
        temporary: true,
      },
    })
    return stream
  }

  ground(now = this.now) {
    return { now, newId: this.newId }
  }

  private call(visit: VisitView, when: Moment, note: string): void {
    act(
      visit,
      { do: 'log_call', call: { purpose: 'appointment', result: 'answered', note } },
      this.ground(when),
    )
  }

  private agree(visit: VisitView, when: Moment): void {
    const start = visit.order.promised_start
    act(
      visit,
      { do: 'agree_appointment', start, end: null, proposed_by: 'customer', note: null },
      this.ground(when),
    )
  }

  /** What happened before the window opened. */
  private playMorning(): void {
    const [he, zhou, lin, wu] = this.orders.map((o) => o.card.stream)
    const done = this.open(he ?? '')
    this.agree(done, at('07:30'))
    playOut(done, this.ground(at('09:41')))
    done.delivery = { how: 'printed', note: null }
    recount(done, this.now)
    const stuck = this.open(zhou ?? '')
    this.agree(stuck, at('07:40'))
    act(stuck, { do: 'set_outcome', outcome: suspendedFor('管道不通', at('10:00')) }, this.ground())
    stuck.submissions.push({
      n: 1,
      at: at('11:20'),
      outcome: stuck.outcome ?? { kind: 'completed' },
      digest: 'ef'.repeat(32),
    })
    recount(stuck, this.now)
    const next = this.open(lin ?? '')
    this.call(next, at('11:06'), '确认 14:00')
    this.agree(next, at('11:06'))
    const late = this.open(wu ?? '')
    this.call(late, at('10:40'), '')
    this.agree(late, at('10:41'))
    recount(next, this.now)
    recount(late, this.now)
  }

  private state(visit: VisitView | undefined, start: Moment, cancelled: boolean): RowState {
    if (cancelled) return 'cancelled'
    if (visit && isMending(visit)) return 'returned_for_mending'
    if (visit?.submissions.length && visit.outcome) return visit.outcome.kind
    if (visit && !['opened', 'appointed'].includes(visit.stage)) return 'underway'
    if (this.now.ms > start.ms) return 'late'
    if (!visit?.appointment) return 'to_contact'
    return between(this.now, start) <= 60 ? 'soon' : 'appointed'
  }

  private action(visit: VisitView | undefined, state: RowState): RowAction {
    if (state === 'returned_for_mending') return 'continue'
    if (visit?.review?.verdict === 'rework') return 'revisit'
    if (state === 'completed' || state === 'cancelled' || state === 'returned') return 'look'
    if (state === 'suspended' || state === 'nobody_home') return 'revisit'
    if (!visit?.appointment) return 'contact'
    if (visit.stage === 'appointed') return 'depart'
    return visit.stage === 'departed' ? 'arrive' : 'continue'
  }

  row(order: FakeOrder): TodayRow {
    const { card } = order
    const visit = this.newest(card.stream)
    const start = visit?.appointment?.start ?? card.promised_start
    const state = this.state(visit, start, card.cancelled !== null)
    const early = !visit || ['opened', 'appointed'].includes(visit.stage)
    const outcome: OutcomeKind | null = visit?.outcome?.kind ?? null
    return {
      order: card.stream,
      visit: visit?.visit ?? null,
      short_no: card.short_no,
      customer: card.customer,
      address: card.address,
      job: card.job,
      service: card.service,
      at: start,
      until: visit?.appointment?.end ?? null,
      agreed: Boolean(visit?.appointment),
      stage: visit?.stage ?? null,
      state,
      outcome,
      outcome_reason: visit?.outcome && 'reason' in visit.outcome ? visit.outcome.reason : null,
      submitted_at: visit?.submissions.at(-1)?.at ?? null,
      delivery_pending: visit?.delivery_pending ?? false,
      call_back_by:
        visit?.outcome?.kind === 'suspended' ? (visit.outcome.call_back_by ?? null) : null,
      change_by: early ? later(start, -120) : null,
      arrive_from: early ? later(start, -10) : null,
      arrive_by: early ? later(start, -5) : null,
      action: this.action(visit, state),
      dispatch: this.dispatched.get(card.stream)?.what ?? null,
    }
  }

  /** What dispatch did, by order. */
  dispatched = new Map<string, DispatchNews>()
  /** Orders that went to colleagues before they were begun. */
  gone: GoneOrder[] = []

  today(query: TodayQuery): TodayPage {
    const word = query.search?.trim().toLowerCase() ?? ''
    const hits = this.orders
      .filter((o) =>
        [o.card.customer, o.card.address, o.card.no, o.phone].some((s) =>
          s.toLowerCase().includes(word),
        ),
      )
      .sort((a, b) => this.row(a).at.ms - this.row(b).at.ms)
    const rows = this.orders.slice(0, 50).map((o) => this.row(o))
    const open = (r: TodayRow): boolean =>
      !['completed', 'suspended', 'returned', 'nobody_home', 'cancelled'].includes(r.state)
    return {
      now: this.now,
      total: hits.length,
      completed: rows.filter((r) => r.state === 'completed').length,
      unfinished: rows.filter((r) => r.state === 'suspended').length,
      waiting: rows.filter(open).length,
      deliveries_pending: rows.filter((r) => r.delivery_pending).length,
      rows: hits.slice(query.offset, query.offset + query.limit).map((o) => this.row(o)),
      next: rows.find(open)?.order ?? null,
      unsent: 3,
      gone: this.gone,
    }
  }

  detail(stream: string): OrderDetail {
    const order = this.order(stream)
    const visits = this.visits.filter((v) => v.order.stream === stream)
    const newest = visits.at(-1)
    const call = newest?.calls.at(-1)
    return {
      card: order.card,
      standard: '中国移动宽带装维',
      visit: newest?.visit ?? null,
      visits: visits.map((v) => ({
        visit: v.visit,
        stage: v.stage,
        outcome: v.outcome?.kind ?? null,
        opened_at: v.appointment?.agreed_at ?? this.now,
        submitted_at: v.submissions.at(-1)?.at ?? null,
      })),
      last_call: call ? [call.call, call.at] : null,
      row: this.row(order),
      kits: this.kits,
      dispatch: this.dispatched.get(stream) ?? null,
    }
  }
}
