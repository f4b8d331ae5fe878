// Made-up versions of the made-up standard, and its preview.
import { refuse } from '..'
import type {
  DraftPack,
  PackBrief,
  PackMoveView,
  PackShelf,
  PreviewAsk,
  PreviewTap,
  PreviewView,
  VisitView,
} from '../types'
import { act } from './act'
import { consentSign, customerSign, technicianSign } from './sign'
import { recount, freshVisit } from './visit'
import type { World } from './world'

const NEWER: PackMoveView = {
  back: false,
  from: 1,
  to: 2,
  hash: 'two',
  added: [
    { id: 'mat-photo', text: '拍下垫布', was: null, answered: false, kept: false, restored: false },
  ],
  changed: [
    {
      ...{ id: 'covers-on', text: '在门外穿好两层鞋套', was: '鞋套在门外穿好' },
      ...{ answered: true, kept: false, restored: false },
    },
    {
      id: 'badge-shown',
      text: '出示工号牌和施工单',
      was: null,
      answered: true,
      kept: true,
      restored: false,
    },
  ],
  dropped: [
    { id: 'demo', text: '当面演示上网', was: null, answered: false, kept: false, restored: false },
  ],
}

const BRIEF: PackBrief = {
  id: 'cmcc-broadband',
  version: 1,
  name: '中国移动宽带装维',
  company: '中国移动',
  file: 'cmcc-broadband.toml',
  phases: 8,
  always: 26,
  rows: 39,
  without_english: 0,
  jobs: ['install', 'move', 'repair'],
}

/** What a broken file is told. */
export const MISTAKES: DraftPack['mistakes'] = [
  {
    file: 'my.toml',
    line: 214,
    reason: {
      zh: '条件里的「mooved」：没有这个问题',
      en: 'The condition names “mooved”: there is no such question',
    },
  },
  { file: 'my.toml', line: 0, reason: { zh: '没有客户签字', en: 'The customer signs nowhere' } },
]

/** Standards, their versions and previews, all made up. */
export class FakePacks {
  /** Every preview that was asked for. */
  asked: PreviewAsk[] = []

  constructor(private readonly world: World) {}

  /** A newer version of the standard reaches the tablet. */
  arrive(): void {
    for (const visit of this.world.visits) visit.pack_offer = { back: false, version: 2 }
  }

  changes(visit: string): PackMoveView {
    const { pack_offer } = this.world.visit(visit)
    if (!pack_offer) throw refuse('pack_not_newer')
    if (!pack_offer.back) return NEWER
    const { added, dropped } = NEWER
    return { ...NEWER, back: true, from: 2, to: 1, hash: 'one', added: dropped, dropped: added }
  }

  move(view: VisitView, hash: string): void {
    const { to } = this.changes(view.visit)
    if (hash !== (to === 2 ? 'two' : 'one')) throw refuse('pack_unknown')
    view.pack_offer = { back: to === 2, version: to === 2 ? 1 : 2 }
    view.pack = { ...view.pack, version: to }
  }

  shelf(): PackShelf {
    const english = { ...BRIEF, id: 'gree-repair', name: '格力空调维修', without_english: 3 }
    return { packs: [BRIEF, english], broken: [] }
  }

  read(file: string, bytes: Uint8Array): DraftPack {
    const text = new TextDecoder().decode(bytes)
    const pack = { ...BRIEF, id: 'mine', name: '我们的规范', file }
    return text.includes('mooved')
      ? { file, pack: null, mistakes: MISTAKES, hints: [] }
      : { file, pack, mistakes: [], hints: [] }
  }

  preview(ask: PreviewAsk): PreviewView {
    this.asked.push(structuredClone(ask))
    const order = this.world.orders[0]
    if (!order) throw refuse('internal')
    const visit = freshVisit(order, 'visit/preview')
    visit.order = { ...visit.order, job: ask.job ?? 'install' }
    const ground = this.world.ground()
    const way = ['departed', 'downstairs', 'at_door', 'entered'] as const
    if (ask.stage !== 'start')
      visit.milestones = way.map((milestone) => ({ milestone, at: ground.now, claim: null }))
    recount(visit, ground.now)
    if (ask.stage === 'sign_off') {
      for (const { id } of visit.phases.filter((p) => p.tickable > 0))
        act(visit, { do: 'tick_phase', phase: id }, ground)
      act(visit, { do: 'declare_no_fees', none: true }, ground)
      recount(visit, ground.now)
    }
    for (const tap of ask.taps) this.tap(visit, tap)
    const questions = visit.phases.flatMap((p) => p.questions)
    return {
      visit,
      began: ask.began ?? ground.now,
      jobs: BRIEF.jobs,
      facts: questions.map(({ id, text, value }) => ({ id, text, value, asked: true })),
      statements: [{ title: '数据备份', words: '我已备份电脑里的数据。' }],
    }
  }

  private tap(visit: VisitView, tap: PreviewTap): void {
    const { now } = this.world
    if (tap.tap === 'customer_sign') customerSign(visit, tap.request, now)
    else if (tap.tap === 'consent_sign') consentSign(visit, tap.request, now)
    else if (tap.tap === 'technician_sign') technicianSign(visit, tap.strokes, now)
    else if (tap.command.do === 'submit') throw refuse('preview_only')
    else act(visit, tap.command, this.world.ground())
    recount(visit, this.world.now)
  }
}
