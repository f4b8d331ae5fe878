// Made-up exams and staff cards: a short form with the kinds of rows and the two totals of the real one.
import { refuse } from '..'
import type {
  Actor,
  AssessCommand,
  AssessHome,
  AssessLine,
  AssessOpen,
  AssessRow,
  AssessSection,
  AssessSign,
  AssessTotal,
  Moment,
  NewPenalty,
  NewStars,
  PenaltyLine,
  StaffCards,
  StaffCardView,
  StarLine,
} from '../types'
import { LEAD } from './submissions'
import { at } from './time'

type Seed = Pick<AssessRow, 'id' | 'title' | 'cost' | 'points' | 'rule' | 'clauses'>

const PARTS: { id: string; title: string; points: number; sheet: string; rows: Seed[] }[] = [
  {
    ...{ id: 'manners', title: '服务和礼仪规范', points: 10, sheet: 'basics' },
    rows: [
      seed('badge', '佩带工号牌', 'once', 10, '没做到扣 10 分', 'S11-01'),
      seed('eight-ones', '带齐「八个一」', 'each', 1, '每处扣 1 分', 'S11-02'),
    ],
  },
  {
    ...{ id: 'cable', title: '五类线制作', points: 10, sheet: 'basics' },
    rows: [seed('crimp', '皮线都压到位', 'each', 2, '每根扣 2 分', 'S11-06')],
  },
  {
    ...{ id: 'demo', title: '业务开通与应用', points: 80, sheet: 'itv' },
    rows: [
      seed('itv-demo', '介绍、演示 iTV', 'worth', 15, '15 分', 'S11-20'),
      seed('e8-connect', 'e8-2：连接正确', 'worth', 1, '1 分', 'S11-09'),
    ],
  },
]
const TOTALS = [
  { id: 'text', title: '按正文 20 / 80', points: { basics: 20, itv: 80 } },
  { id: 'sheets', title: '按评分表 10 / 90', points: { basics: 10, itv: 90 } },
] as const
const CANDIDATES: Actor[] = [
  { staff_no: '3107', name: '周建国' },
  { staff_no: '3108', name: '李志强' },
]

function seed(
  id: string,
  title: string,
  cost: AssessRow['cost'],
  points: number,
  rule: string,
  clause: string,
): Seed {
  return { id, title, cost, points, rule, clauses: [clause] }
}

const limitOf = (row: Seed): number =>
  row.id === 'eight-ones' ? 8 : row.cost === 'each' ? 999 : row.points

/** Exams and cards in memory. */
export class FakeAssess {
  now: Moment = at('14:00')
  private exams: AssessOpen[] = []
  private deducted = new Map<string, { row: string; points: number }[]>()
  private stars = new Map<string, StarLine[]>()
  private penalties = new Map<string, PenaltyLine[]>()

  home(): AssessHome {
    const forms = [{ id: 'jiangsu-s11', name: '装维技能考核（江苏电信）' }]
    return { forms, people: CANDIDATES, lines: this.lines() }
  }

  private lines(): AssessLine[] {
    return this.exams.map(({ view: v }) => ({
      ...{ id: v.id, no: v.no, form: v.form, candidate: v.candidate, examiner: v.examiner },
      ...{ began: v.began, stage: v.stage, score: v.stage === 'closed' ? v.score : null },
    }))
  }

  begin(form: string, who: Actor): AssessOpen {
    if (form !== 'jiangsu-s11') throw refuse('assess_unknown')
    if (who.staff_no === LEAD.staff_no) throw refuse('assess_self')
    const n = this.exams.length + 1
    const id = `assess/${n}`
    this.deducted.set(id, [])
    const timer = { running: false, ran_ms: 0, over_ms: 0 }
    const open: AssessOpen = {
      mine: true,
      view: {
        ...{ id, no: `KH-20261122-000${n}`, form: '装维技能考核（江苏电信）', company: '江苏电信' },
        ...{ sheet_name: '技能考核评分表', candidate: who, examiner: LEAD, began: this.now },
        ...{ stage: 'running', ended: null, withdrawn: null, score: null, sections: [] },
        timers: [
          { ...timer, id: 'e8', title: '尊享 e8：安装加排障', minutes: 20, clauses: ['S11-25'] },
        ],
        totals: [],
        ...{ total_note: '正文和评分表的满分写得不一样。', total_reason: null },
        hints: [{ text: '没佩带工号牌扣 10 分。', clauses: ['C02'] }],
        conduct: [{ text: '考完清理干净。', clauses: ['S11-27'] }],
        ...{ notes: [], signatures: [], digest: '' },
      },
    }
    this.exams.unshift(open)
    return this.count(open)
  }

  open(id: string): AssessOpen {
    const found = this.exams.find((e) => e.view.id === id)
    if (!found) throw refuse('assess_unknown')
    return found
  }

  private rowOf(id: string, row: Seed): AssessRow {
    const all = (this.deducted.get(id) ?? []).filter((d) => d.row === row.id)
    const lost = all.reduce((n, d) => n + d.points, 0)
    return { ...row, times: all.length, lost, full: lost >= limitOf(row) }
  }

  /** Writes everything that follows from the deductions. */
  private count(open: AssessOpen): AssessOpen {
    const v = open.view
    v.sections = PARTS.map((part): AssessSection => {
      const rows = part.rows.map((row) => this.rowOf(v.id, row))
      const lost = rows.reduce((n, row) => n + row.lost, 0)
      return {
        id: part.id,
        title: part.title,
        points: part.points,
        left: Math.max(0, part.points - lost),
        rows,
      }
    })
    const chosen = v.totals.find((total) => total.chosen)?.id
    v.totals = TOTALS.map((total): AssessTotal => {
      const sheets = (['basics', 'itv'] as const).map((sheet) => {
        const own = v.sections.filter((_, i) => PARTS[i]?.sheet === sheet)
        const lost = own.reduce((n, part) => n + part.points - part.left, 0)
        const points = total.points[sheet]
        return { title: sheet, points, left: Math.max(0, points - lost) }
      })
      const score = sheets.reduce((n, sheet) => n + sheet.left, 0)
      return {
        id: total.id,
        title: total.title,
        clauses: ['H1'],
        sheets,
        score,
        chosen: total.id === chosen,
      }
    })
    v.score = v.totals.find((total) => total.chosen)?.score ?? null
    v.digest = JSON.stringify([this.deducted.get(v.id), chosen, v.notes])
    return open
  }

  act(id: string, command: AssessCommand): AssessOpen {
    const open = this.open(id)
    const v = open.view
    if (!open.mine) throw refuse('assess_of_other')
    if (v.ended) throw refuse('assess_ended')
    const ends = ['reopen', 'withdraw', 'close'].includes(command.do)
    if (!ends && v.signatures.length > 0) throw refuse('assess_signed')
    this.change(open, command)
    return this.count(open)
  }

  private change({ view: v }: AssessOpen, command: AssessCommand): void {
    const all = this.deducted.get(v.id) ?? []
    const timer = 'timer' in command ? v.timers.find((one) => one.id === command.timer) : undefined
    if (command.do === 'deduct') {
      const row = v.sections.flatMap((part) => part.rows).find((one) => one.id === command.row)
      if (!row) throw refuse('item_unknown')
      const points = command.points ?? (row.cost === 'worth' ? 1 : row.points)
      if (row.lost + points > limitOf(row))
        throw refuse('assess_row_full', { max: String(limitOf(row)) })
      all.push({ row: row.id, points })
    } else if (command.do === 'take_back') {
      const last = all.map((d) => d.row).lastIndexOf(command.row)
      if (last < 0) throw refuse('nothing_to_undo')
      all.splice(last, 1)
    } else if (command.do === 'start_timer' && timer) timer.running = true
    else if (command.do === 'stop_timer' && timer) {
      Object.assign(timer, { running: false, ran_ms: 21 * 60_000, over_ms: 60_000 })
    } else if (command.do === 'choose_total') {
      if (!command.note.trim()) throw refuse('text_missing')
      v.totals.forEach((total) => (total.chosen = total.id === command.total))
      v.total_reason = command.note
    } else if (command.do === 'note') v.notes.push(command.text)
    else if (command.do === 'reopen') Object.assign(v, { signatures: [], stage: 'running' })
    else if (command.do === 'withdraw')
      Object.assign(v, { stage: 'withdrawn', withdrawn: command.reason, ended: this.now })
    else if (command.do === 'close') {
      if (v.signatures.length < 2) throw refuse('assess_signatures')
      Object.assign(v, { stage: 'closed', ended: this.now })
    }
  }

  sign(id: string, { side, strokes, reason, digest }: AssessSign): AssessOpen {
    const open = this.open(id)
    const v = open.view
    if (digest !== v.digest) throw refuse('content_stale')
    if (v.score === null) throw refuse('assess_total_missing')
    if (v.timers.some((timer) => timer.running)) throw refuse('assess_timer_runs')
    if (!strokes && side === 'examiner') throw refuse('ink_empty')
    v.signatures.push({ side, at: this.now, declined: strokes ? null : reason })
    v.stage = 'signing'
    return open
  }

  cards(): StaffCards {
    const lines = CANDIDATES.map((person) => {
      const card = this.card(person)
      const rating = card.stars.find((star) => star.in_force)
      const score = card.exams.find((exam) => exam.score !== null)?.score ?? null
      return {
        ...{ person, stars: rating?.stars ?? null, year: rating?.year ?? null },
        ...{ penalties: card.penalties.length, score },
      }
    })
    const complaints = [...this.penalties.values()].flat().filter((p) => p.complaint)
    const cases = complaints.length
    const clause = cases === 0 ? null : `S71-0${Math.min(cases, 3) + 2}`
    return { lines, cases, clause, public: complaints.some((p) => p.complaint === 'public') }
  }

  card(person: Actor): StaffCardView {
    const stars = this.stars.get(person.staff_no) ?? []
    const penalties = this.penalties.get(person.staff_no) ?? []
    return {
      ...{ person, stars, penalties, cases: penalties.filter((p) => p.complaint).length },
      exams: this.lines().filter((line) => line.candidate.staff_no === person.staff_no),
      may_award: !stars.some((star) => star.year === 2026),
    }
  }

  penalise(person: Actor, penalty: NewPenalty): StaffCardView {
    const { clause, ...rest } = penalty
    if (Number(rest.amount) < 50 || Number(rest.amount) > 500)
      throw refuse('penalty_amount', { min: '50', max: '500' })
    const clauses = ['S61-02', ...(rest.remedy ? ['S61-01'] : []), ...(clause ? [clause] : [])]
    const line = { ...rest, clauses, by: LEAD, at: this.now }
    const before = this.penalties.get(person.staff_no) ?? []
    this.penalties.set(person.staff_no, [line, ...before])
    return this.card(person)
  }

  award(person: Actor, { stars, reason }: NewStars): StaffCardView {
    if (!this.card(person).may_award) throw refuse('stars_this_year', { year: '2026' })
    const line = { stars, year: 2026, reason, by: LEAD, at: this.now, in_force: true }
    this.stars.set(person.staff_no, [line])
    return this.card(person)
  }
}
