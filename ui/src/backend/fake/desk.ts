// The made-up desk: a queue that can be sorted, searched and decided, and a second lead who may be first.
import { refuse } from '..'
import type {
  ApproveMany,
  Code,
  DeskDay,
  DeskPage,
  DeskQuery,
  DeskReach,
  DeskRow,
  DeskSort,
  DeskSubmission,
  Moment,
  NewVerdict,
  RowReason,
  VerdictView,
} from '../types'
import { LEAD, OTHER_LEAD, seeds, type Seed } from './submissions'
import { flagsOf, rowOf, timelineOf, visitOf } from './submitted'
import { at, later } from './time'

const COLUMN: Record<DeskSort, (row: DeskRow) => string | number> = {
  flags: (r) => (r.complaint ? 1000 : 0) + r.flags,
  submitted: (r) => r.submitted_at.ms,
  order: (r) => r.order_no,
  customer: (r) => r.customer,
  technician: (r) => r.technician.name,
  arrival: (r) => r.arrival_min ?? -1000,
  minutes: (r) => r.minutes ?? 0,
  rating: (r) => r.rating ?? '',
}

/** A made-up desk. */
export class DeskWorld {
  now: Moment = at('17:06')
  /** Verdicts of another lead that this desk learns of only with its own next one, by visit. */
  meanwhile = new Map<string, VerdictView>()
  given: NewVerdict[] = []
  private rows: DeskRow[]
  private seeds: Map<string, Seed>
  private verdicts = new Map<string, VerdictView[]>()

  constructor(count: number) {
    const made = seeds(count)
    this.seeds = new Map(made.map((seed) => [`visit/${seed.no}`, seed]))
    this.rows = made.map(rowOf)
    for (const row of this.rows) {
      if (row.verdict) this.keep(row.visit, this.early(row, row.submission, row.verdict))
      if (row.submission > 1) this.keep(row.visit, this.early(row, 1, 'returned'))
    }
    const other = this.rows.find((row) => row.short_no === '0401')
    if (other)
      this.meanwhile.set(other.visit, {
        ...{ submission: other.submission, verdict: 'approved', by: OTHER_LEAD, at: at('17:01') },
        ...{ reasons: [], note: null, scores: [], stands: true },
      })
  }

  private early(row: DeskRow, submission: number, verdict: VerdictView['verdict']): VerdictView {
    const reasons =
      verdict === 'approved' ? [] : [{ item: 'ont', title: '光猫 G-2101', reason: '照片看不清' }]
    return {
      ...{ submission, verdict, by: LEAD, at: later(row.submitted_at, -30) },
      ...{ reasons, note: null, scores: [], stands: true },
    }
  }

  private keep(visit: string, verdict: VerdictView): void {
    this.verdicts.set(visit, [...(this.verdicts.get(visit) ?? []), verdict])
  }

  private listed(view: DeskQuery['view']): DeskRow[] {
    if (view === 'open') return this.rows.filter((r) => r.verdict === null)
    if (view === 'flagged') return this.rows.filter((r) => r.verdict === null && r.flags > 0)
    if (view === 'decided') return this.rows.filter((r) => r.verdict !== null)
    return this.rows.filter((r) => r.verdict === 'rework')
  }

  private unflagged(): DeskRow[] {
    return this.listed('open').filter((r) => r.flags === 0 && !r.complaint && !r.sampled)
  }

  /** The last question and its rows: scrolling asks the same one again and again. */
  private asked: { question: string; hits: DeskRow[] } | null = null

  private hits({ view, search, sort, descending }: DeskQuery): DeskRow[] {
    const question = JSON.stringify([view, search, sort, descending])
    if (this.asked?.question === question) return this.asked.hits
    const word = search ?? ''
    const column = COLUMN[sort]
    const sign = descending ? -1 : 1
    const hits = this.listed(view)
      .filter((r) =>
        [r.customer, r.address, r.order_no, r.technician.name].some((s) => s.includes(word)),
      )
      .sort((a, b) => {
        const [x, y] = [column(a), column(b)]
        return x === y ? 0 : x < y ? -sign : sign
      })
    this.asked = { question, hits }
    return hits
  }

  desk(query: DeskQuery): DeskPage {
    const hits = this.hits(query)
    return {
      total: hits.length,
      rows: hits.slice(query.offset, query.offset + query.limit),
      counts: {
        open: this.listed('open').length,
        flagged: this.listed('flagged').length,
        rework_today: this.listed('rework_today').length,
        not_received: this.day().not_received.length,
        unflagged: this.unflagged().length,
      },
      since: at('00:00', -30),
      reach: this.reach,
    }
  }

  /** How far back the records reach; a test sets how the server answers. */
  reach: DeskReach | null = { since: at('00:00', -30), coming: 0 }
  away: Code | null = null

  earlier(): DeskReach {
    if (this.away) throw refuse(this.away)
    const since = this.reach?.since ?? null
    this.reach = { since: since && { ...since, ms: since.ms - 30 * 86_400_000 }, coming: 640 }
    return this.reach
  }

  /** Pictures that are still at the server, by name. */
  atHub = new Set<string>()

  fetched(sha256: string): void {
    if (this.away) throw refuse(this.away)
    this.atHub.delete(sha256)
  }

  private row(visit: string): DeskRow {
    const row = this.rows.find((r) => r.visit === visit)
    if (!row) throw refuse('visit_unknown')
    return row
  }

  submission(visit: string, n: number): DeskSubmission {
    const row = this.row(visit)
    const seed = this.seeds.get(visit)
    if (!seed || n < 1 || n > row.submission) throw refuse('visit_unknown')
    const verdicts = this.verdicts.get(visit) ?? []
    const stands = (k: number) =>
      verdicts.find((v) => v.submission === k && v.stands)?.verdict ?? null
    return {
      row: { ...row, submission: n, verdict: stands(n) },
      visit: visitOf({ ...seed, submission: n }),
      ...{ flags: flagsOf(seed), timeline: timelineOf(seed), verdicts },
      submissions: Array.from({ length: row.submission }, (_, i) => ({
        ...{ n: i + 1, at: later(row.submitted_at, (i + 1 - row.submission) * 90) },
        verdict: stands(i + 1),
      })),
      changes:
        n > 1
          ? [{ item: 'ont', title: '光猫 G-2101 的标签照', before: '1 张', after: '2 张' }]
          : [],
    }
  }

  private titled(visit: string, reasons: NewVerdict['reasons']): RowReason[] {
    const seed = this.seeds.get(visit)
    const view = seed ? visitOf(seed) : null
    const titles = new Map<string, string>([
      ...(view?.phases ?? []).flatMap((p) => p.items.map((i): [string, string] => [i.id, i.text])),
      ...(view?.devices ?? []).map((d): [string, string] => [d.row_id, d.row.name]),
    ])
    return reasons.map((r) => ({ ...r, title: r.item === null ? '' : (titles.get(r.item) ?? '') }))
  }

  give(verdict: NewVerdict): DeskSubmission {
    this.asked = null
    const row = this.row(verdict.visit)
    if (row.verdict !== null) throw refuse('visit_submitted')
    if (verdict.verdict !== 'approved' && verdict.reasons.length === 0)
      throw refuse('reason_missing')
    this.given.push(structuredClone(verdict))
    const first = this.meanwhile.get(row.visit)
    if (first) this.keep(row.visit, first)
    this.keep(row.visit, {
      ...{ submission: verdict.submission, verdict: verdict.verdict, by: LEAD, at: this.now },
      reasons: this.titled(verdict.visit, verdict.reasons),
      ...{ note: verdict.note, scores: verdict.scores, stands: !first },
    })
    row.verdict = first?.verdict ?? verdict.verdict
    return this.submission(verdict.visit, verdict.submission)
  }

  approveUnflagged(percent: number): ApproveMany {
    this.asked = null
    const rows = this.unflagged()
    const sampled = Math.ceil((rows.length * percent) / 100)
    // every n-th: made-up chance is no chance
    const step = sampled > 0 ? rows.length / sampled : 0
    const picked = new Set(Array.from({ length: sampled }, (_, i) => rows[Math.floor(i * step)]))
    for (const row of rows) {
      if (picked.has(row)) row.sampled = true
      else {
        row.verdict = 'approved'
        this.keep(row.visit, this.early(row, row.submission, 'approved'))
      }
    }
    return { approved: rows.length - picked.size, sampled: picked.size }
  }

  day(): DeskDay {
    if (this.rows.length === 0) return { out: [], due_soon: [], unfinished: [], not_received: [] }
    const [zhou, li, wang] = ['周建国', '李志强', '王海燕'].map((name, i) => ({
      ...{ staff_no: String(3107 + i), name },
    })) as [DeskRow['technician'], DeskRow['technician'], DeskRow['technician']]
    const line = (
      no: string,
      customer: string,
      technician: DeskRow['technician'],
      words: string,
      when: Moment | null,
    ) => ({
      ...{ order: `order/${no}`, short_no: no, customer, technician, words, at: when },
    })
    return {
      out: [
        line('0423', '郑女士', zhou, '已进门，施工中', at('16:40')),
        line('0425', '白先生', li, '已出发', at('16:58')),
      ],
      due_soon: [line('0427', '方女士', wang, '17:30 前到门口，还没出发', at('17:30'))],
      unfinished: [line('0405', '周先生', zhou, '管道不通，约物业疏通', at('20:00'))],
      not_received: [
        { technician: wang, tablets: [{ name: '平板 12', last_contact: at('08:10') }], orders: 3 },
        {
          technician: { staff_no: '3131', name: '赵文博' },
          tablets: [
            { name: '平板 17', last_contact: at('11:32') },
            { name: '平板 18', last_contact: null },
          ],
          orders: 1,
        },
        { technician: { staff_no: '3144', name: '孙晓梅' }, tablets: [], orders: 2 },
      ],
    }
  }
}
