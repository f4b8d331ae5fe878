// Made-up issues and plans: enough of the rules for the pages to be tried.
import { refuse } from '..'
import type {
  Act,
  ActView,
  FollowQuery,
  IssueCommand,
  IssueDraft,
  IssueLine,
  IssuePage,
  IssueSource,
  IssueView,
  Moment,
  NewIssue,
  NewPlan,
  PlanCommand,
  PlanPage,
  PlanView,
  TermView,
} from '../types'
import { at, later } from './time'
import { TECHNICIAN } from './visit'
import type { World } from './world'

const DAY_MIN = 24 * 60
const CLAUSES: Record<Act, string> = {
  spending_notice: 'S50-01',
  product_notice: 'S50-03',
  line_check: 'S50-04',
  needs_asked: 'S50-05',
  rating: 'S50-06',
  level_visit: 'S70-01',
  level_phone: 'S70-02',
  level_inspection: 'S70-03',
  survey_call: 'S55-02',
  business_call: 'S55-02',
}
const ACTS: Record<NewPlan['kind'], Act[]> = {
  monthly_five: ['spending_notice', 'product_notice', 'line_check', 'needs_asked', 'rating'],
  three_levels: ['level_visit', 'level_phone', 'level_inspection'],
  call_back: ['survey_call'],
}

function term(kind: TermView['kind'], due: Moment, done: Moment | null, now: Moment): TermView {
  const missed = (done ?? now).ms > due.ms
  const clause = kind === 'progress' ? 'S54-06' : 'S68-03'
  return { kind, due, done, standing: missed ? 'missed' : done ? 'met' : 'waiting', clause }
}

/** Issues and plans in memory. */
export class FollowWorld {
  issues: IssueView[] = []
  plans: PlanView[] = []
  /** Whose whole number was looked at. */
  looks: string[] = []
  private told = new Map<string, Moment>()
  private n = 0

  constructor(private readonly world: World) {}

  /** One complaint whose day is over, and a call that is due. */
  fill(): void {
    this.raise({
      kind: 'complaint',
      content: '装完第二天就断网，打了两次电话没人来',
      customer: '陈先生',
      phone: '13900005678',
      order: null,
      source: null,
      heard_at: at('13:00', -1),
      promise: { by: at('18:00'), name: TECHNICIAN.name, phone: '0571-88000000' },
    })
    this.make({
      kind: 'call_back',
      call: 'survey_call',
      customer: '林女士',
      phone: '13800001234',
      order: null,
      due: at('17:00'),
      months: 1,
      whose: null,
      note: null,
    })
  }

  /** A page of the issues. */
  issuePage(query: FollowQuery): IssuePage {
    const now = this.world.now
    const [open, closed] = [false, true].map((filed) =>
      this.issues.filter((i) => (i.step === 'archived') === filed).map((i) => this.standing(i)),
    ) as [IssueView[], IssueView[]]
    const overdue = open.filter((i) => i.due !== null && i.due.due.ms < now.ms).length
    const rows = (query.closed ? closed : open).slice(query.offset, query.offset + query.limit)
    return { now, counts: { open: open.length, closed: closed.length, overdue }, rows }
  }

  /** A page of the plans. */
  planPage(query: FollowQuery): PlanPage {
    const now = this.world.now
    const [open, closed] = [false, true].map((through) =>
      this.plans.filter((p) => (p.next === null) === through).map((p) => this.counted(p)),
    ) as [PlanView[], PlanView[]]
    const overdue = open.filter((p) => p.missed > 0).length
    const rows = (query.closed ? closed : open).slice(query.offset, query.offset + query.limit)
    return { now, counts: { open: open.length, closed: closed.length, overdue }, rows }
  }

  /** What is known before the form is filled in. */
  draft(source: IssueSource): IssueDraft {
    const blank: IssueDraft = {
      kind: 'complaint',
      content: '',
      customer: '',
      order: null,
      order_no: null,
      source: source.stream,
      heard_at: this.world.now,
      name: TECHNICIAN.name,
      phone: '0571-88000000',
      already: [],
    }
    const plan = this.plans.find((p) => p.plan === source.stream)
    if (plan) return { ...blank, customer: plan.customer }
    if (!source.stream) return blank
    const { order, phases } = this.world.visit(source.stream)
    const row = phases.flatMap((p) => p.items).find((i) => i.id === source.item)
    return {
      ...blank,
      kind: 'request',
      content: row?.answer?.type === 'text' ? row.answer.text : '',
      customer: order.customer,
      order: order.stream,
      order_no: order.no,
      already: this.issues.filter((i) => i.order === order.stream && i.step !== 'archived'),
    }
  }

  /** Raises an issue. */
  raise(given: NewIssue): IssueView {
    if (!given.promise.name.trim()) throw refuse('promise_incomplete', { field: 'name' })
    if (!/\d{5}/.test(given.promise.phone.replace(/\D/g, '')))
      throw refuse('promise_incomplete', { field: 'phone' })
    if (given.promise.by.ms <= given.heard_at.ms) throw refuse('promise_past')
    const issue: IssueView = {
      issue: `issue/${(this.n += 1)}`,
      step: 'open',
      since: given.heard_at,
      kind: given.kind,
      content: given.content,
      customer: given.customer,
      phone_masked: given.phone ? `${given.phone.slice(0, 3)}****${given.phone.slice(-4)}` : null,
      order: given.order,
      order_no: null,
      source: given.source,
      receiver: TECHNICIAN,
      heard_at: given.heard_at,
      entered_at: given.heard_at,
      promise: given.promise,
      handler: null,
      result: null,
      reopened: 0,
      due: null,
      breaches: [],
      next: 'tell_progress',
      lines: [],
    }
    this.line(issue, 'raised', given.content)
    this.issues.push(issue)
    return this.standing(issue)
  }

  /** Does one thing about an issue. */
  act(id: string, command: IssueCommand): IssueView {
    const issue = this.issues.find((i) => i.issue === id)
    if (!issue) throw refuse('issue_unknown')
    if (issue.step === 'archived') throw refuse('issue_archived')
    switch (command.do) {
      case 'tell_progress':
        if (issue.step !== 'open') throw refuse('issue_solved')
        this.told.set(id, command.told_at)
        Object.assign(issue, { next: 'solve', promise: command.promise ?? issue.promise })
        this.line(issue, 'progress_told', command.words)
        break
      case 'hand_on':
        issue.handler = command.to
        this.line(issue, 'handed_on', command.to.name)
        break
      case 'solve':
        Object.assign(issue, { step: 'solved', next: 'ask_customer', result: command.result })
        this.line(issue, 'solved', command.result)
        break
      case 'satisfied':
        if (issue.step !== 'solved') throw refuse('issue_open')
        Object.assign(issue, { step: 'satisfied', next: 'archive' })
        this.line(issue, 'satisfied', command.words)
        break
      case 'reopen':
        Object.assign(issue, { step: 'open', next: 'tell_progress', promise: command.promise })
        issue.reopened += 1
        issue.since = this.world.now
        this.told.delete(id)
        this.line(issue, 'reopened', command.reason)
        break
      case 'archive':
        if (issue.step !== 'satisfied') throw refuse('not_satisfied')
        Object.assign(issue, { step: 'archived', next: 'nothing' })
        this.line(issue, 'archived', null)
        break
      case 'reveal_phone':
        this.line(issue, 'phone_revealed', null)
    }
    return this.standing(issue)
  }

  /** The whole number. */
  phone(stream: string): string {
    this.looks.push(stream)
    return stream.startsWith('issue/') ? '13900005678' : '13800001234'
  }

  /** Makes plans. */
  make(given: NewPlan): PlanView[] {
    const acts = given.call ? [given.call] : ACTS[given.kind]
    const made = Array.from({ length: given.months }, (_, month) => {
      const due = given.kind === 'monthly_five' ? at('23:59', 8 + 31 * month) : given.due
      const plan: PlanView = {
        plan: `follow/${(this.n += 1)}`,
        kind: given.kind,
        customer: given.customer,
        phone_masked: given.phone ? `${given.phone.slice(0, 3)}****${given.phone.slice(-4)}` : null,
        order: given.order,
        order_no: null,
        whose: given.whose ?? TECHNICIAN,
        note: given.note,
        next: acts[0] ?? null,
        due,
        missed: 0,
        done: 0,
        acts: acts.map((act) => contact(act, due)),
        dropped: null,
        tries: [],
      }
      return plan
    })
    this.plans.push(...made)
    return made
  }

  /** Does one thing about a plan. */
  actOnPlan(id: string, command: PlanCommand): PlanView {
    const plan = this.plans.find((p) => p.plan === id)
    if (!plan) throw refuse('plan_unknown')
    if (plan.next === null) throw refuse('plan_closed')
    if (command.do === 'drop') Object.assign(plan, { dropped: command.reason, next: null })
    if (command.do === 'tried')
      plan.tries.push({
        act: command.act,
        at: command.tried_at,
        way: command.way,
        by: TECHNICIAN,
      })
    if (command.do === 'done') {
      const act = plan.acts.find((a) => a.act === command.act && a.done_at === null)
      if (!act) throw refuse('plan_closed')
      const { done_at, way, result, satisfied } = command
      const late = done_at.ms > act.due.ms
      Object.assign(act, { done_at, way, result, satisfied, by: TECHNICIAN })
      act.standing = late ? 'done_late' : 'done'
      plan.next = plan.acts.find((a) => a.done_at === null)?.act ?? null
    }
    return this.counted(plan)
  }

  private counted(plan: PlanView): PlanView {
    for (const act of plan.acts) {
      if (act.done_at !== null) continue
      act.standing = this.world.now.ms > act.due.ms ? 'missed' : 'waiting'
      if (plan.dropped !== null && act.standing === 'waiting') act.standing = 'dropped'
    }
    plan.missed = plan.acts.filter((a) => a.standing === 'missed').length
    plan.done = plan.acts.filter((a) => a.done_at !== null).length
    return plan
  }

  private standing(issue: IssueView): IssueView {
    const now = this.world.now
    const told = this.told.get(issue.issue) ?? null
    const progress = term('progress', later(issue.since, DAY_MIN), told, now)
    const terms = [progress]
    if (issue.promise) terms.push(term('promise', issue.promise.by, null, now))
    const open = issue.step === 'open'
    const asked = terms.filter((one) => open && one.done === null)
    issue.due = asked.sort((a, b) => a.due.ms - b.due.ms)[0] ?? null
    issue.breaches = terms.filter((one) => one.standing === 'missed' && (open || one.done !== null))
    return issue
  }

  private line(issue: IssueView, kind: IssueLine['kind'], words: string | null): void {
    const now = kind === 'raised' ? issue.heard_at : this.world.now
    issue.lines.push({ kind, at: now, entered_at: now, by: TECHNICIAN, words, promise: null })
  }
}

function contact(act: Act, due: Moment): ActView {
  return {
    act,
    due,
    standing: 'waiting',
    done_at: null,
    by: null,
    way: null,
    ways: act === 'level_visit' ? ['visit'] : ['phone'],
    result: null,
    satisfied: null,
    asks_satisfaction: act === 'rating' || act === 'survey_call',
    clause: CLAUSES[act],
  }
}
