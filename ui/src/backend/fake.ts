// A made-up backend for component tests and for looking at screens in a browser. Never in a release.
import {
  refuse,
  type Backend,
  type Boot,
  type ImportPreview,
  type PhotoTarget,
  type VisitView,
} from '.'
import { act } from './fake/act'
import { FollowWorld } from './fake/follow'
import { samplePreview } from './fake/import'
import { SENT_BACK } from './fake/review'
import { addPhoto, picture } from './fake/photos'
import { FakeAssess } from './fake/assess'
import { DeskWorld } from './fake/desk'
import { FakePacks } from './fake/packs'
import { pieces, recordPiece } from './fake/gear'
import { consentSign, customerSign, technicianSign } from './fake/sign'
import { LEAD } from './fake/submissions'
import { at } from './fake/time'
import { FakeSync, SCENES, type SyncScene } from './fake/sync'
import { recount, TECHNICIAN } from './fake/visit'
import { World } from './fake/world'

export { World } from './fake/world'
export { at } from './fake/time'

/** What to pretend. */
export interface Pretence {
  state: Boot['state']
  demo: boolean
  orders: number
  /** No keystore: a passphrase is needed. */
  keyless: boolean
  pin: string
  settings: Boot['settings']
  broken: Boot['broken_packs']
  role: Boot['role']
  /** Submissions on the lead's desk. */
  submissions: number
  preview: ImportPreview
  /** How the upload stands. */
  sync: SyncScene
}

const USUAL: Pretence = {
  state: 'ready',
  demo: false,
  orders: 5,
  keyless: false,
  pin: '2468',
  settings: { lang: 'zh', theme: 'light', scale: 100, keep_days: 30 },
  broken: [],
  role: null,
  submissions: 40,
  preview: samplePreview(),
  sync: 'offline',
}

const MISTAKE = {
  zh: '「mat」要在「form-show」之后，但没有这个检查项',
  en: '“mat” comes after “form-show”, but there is no such item',
}

/** The made-up backend and the world behind it, for tests that look inside. */
export type FakeBackend = Backend & {
  world: World
  sync: FakeSync
  leadDesk: DeskWorld
  exams: FakeAssess
  follow: FollowWorld
  packs: FakePacks
}

const after = <T>(value: T): T => structuredClone(value)

function bootOf(p: Pretence, sync: FakeSync): Boot {
  const office = p.state === 'ready' && !p.demo ? sync.office : null
  return {
    state: p.state,
    settings: p.settings,
    technician: p.state === 'ready' ? (p.role === 'lead' ? LEAD : TECHNICIAN) : null,
    role: p.role ?? office?.role ?? null,
    office,
    demo: p.demo,
    handover: null,
    first: null,
    now: at(p.role === 'lead' ? '17:06' : '13:22'),
    broken_packs: p.broken,
    packs: [
      {
        id: 'cmcc-broadband',
        name_zh: '中国移动宽带装维',
        name_en: 'China Mobile broadband',
        aliases: ['移动宽带'],
        jobs: ['install', 'move', 'repair'],
      },
      {
        id: 'telecom-14',
        name_zh: '中国电信装移修十四步',
        name_en: 'China Telecom fourteen steps',
        aliases: ['电信'],
        jobs: ['install', 'move', 'repair'],
      },
    ],
    version: '0.1.0',
  }
}

/** A backend that keeps everything in memory. */
export function fakeBackend(pretence: Partial<Pretence> = {}): FakeBackend {
  const p: Pretence = { ...USUAL, ...pretence }
  const world = new World(p.orders)
  const stored = { records: 126, photos: 9, photo_bytes: 3_210_000, demo: p.demo }
  const sync = new FakeSync(p.state === 'first_start' ? 'alone' : p.sync, p.demo)
  const desk = new DeskWorld(p.submissions)
  const exams = new FakeAssess()
  const follow = new FollowWorld(world)
  const packs = new FakePacks(world)
  let tries = 5

  function checkFirst(pin: string, passphrase: string | null): void {
    if (!/^\d{4,8}$/.test(pin)) throw refuse('pin_invalid')
    if (p.keyless && !passphrase) throw refuse('passphrase_needed')
    if (passphrase && passphrase.length < 8) throw refuse('passphrase_short', { min: '8' })
    p.pin = pin
  }
  function ready(): Boot {
    p.state = 'ready'
    return after(bootOf(p, sync))
  }
  function change(visit: string, how: (view: VisitView) => void): VisitView {
    const view = world.visit(visit)
    view.kits = world.kits
    how(view)
    recount(view, world.now)
    return after(view)
  }
  function checkPin(pin: string): void {
    if (tries <= 0) throw refuse('pin_locked', { seconds: '30' })
    if (pin === p.pin) {
      tries = 5
      return
    }
    tries -= 1
    throw tries > 0
      ? refuse('pin_wrong', { left: String(tries) })
      : refuse('pin_locked', { seconds: '30' })
  }

  return {
    world,
    sync,
    leadDesk: desk,
    exams,
    follow,
    packs,
    boot: async () =>
      after({
        ...bootOf(p, sync),
        handover: world.visits.find((v) => v.in_handover)?.visit ?? null,
      }),
    startDemo: async () => {
      p.demo = true
      sync.panel = { ...sync.panel, standing: 'demo' }
      return ready()
    },
    startReal: async (profile) => {
      if (!profile.name.trim() || !profile.staff_no.trim()) throw refuse('profile_invalid')
      checkFirst(profile.pin, profile.passphrase)
      return ready()
    },
    unlock: async (passphrase) => {
      if (passphrase !== 'eight-is-enough') throw refuse('passphrase_wrong')
      return ready()
    },
    leaveDemo: async () => {
      p.demo = false
      p.state = 'first_start'
      return after(bootOf(p, sync))
    },
    saveSettings: async (settings) => (p.settings = after(settings)),
    changePin: async (old, fresh) => {
      checkPin(old)
      if (!/^\d{4,8}$/.test(fresh)) throw refuse('pin_invalid')
      p.pin = fresh
    },
    today: async (query) => after(world.today(query)),
    orderDetail: async (order) => after(world.detail(order)),
    revealPhone: async (order) => {
      const known = world.order(order)
      world.open(order)
      world.looks.push(order)
      return { phone: known.phone, alternate_contact: known.card.alternate_contact }
    },
    openVisit: async (order) => after(world.open(order)),
    visit: async (visit) => change(visit, () => undefined),
    act: async (visit, command) => change(visit, (view) => act(view, command, world.ground())),
    customerSign: async (visit, request) =>
      change(visit, (view) => customerSign(view, request, world.now)),
    consentSign: async (visit, request) =>
      change(visit, (view) => consentSign(view, request, world.now)),
    gear: async () => pieces(world.now),
    recordGear: async (piece, since) => recordPiece(piece, since, world.now),
    technicianSign: async (visit, strokes) =>
      change(visit, (view) => technicianSign(view, strokes, world.now)),
    addPhoto: async (visit, target: PhotoTarget, file) =>
      change(visit, (view) => addPhoto(view, target, file, world.ground())),
    photo: async (_visit, sha256) => picture(sha256),
    checkKit: async ({ pack, kit }, missing, reason, claim) => {
      if (missing.length > 0 && !reason) throw refuse('kit_reason_missing')
      for (const k of world.kits) {
        if (k.pack !== pack || k.kit !== kit) continue
        for (const m of k.members)
          Object.assign(m, { present: !missing.includes(m.id), used: false })
        Object.assign(k, { checked_at: claim?.at ?? world.now, reason, settled: true })
      }
      return after(world.kits)
    },
    endHandover: async (visit, pin) => {
      checkPin(pin)
      return change(visit, (view) => act(view, { do: 'end_handover' }, world.ground()))
    },
    importPreview: async (name, file) => {
      if (file.length === 0) throw refuse('import_empty')
      return { ...after(p.preview), file: name }
    },
    importCommit: async () => {
      if (p.preview.errors.length > 0) throw refuse('import_rows')
      return { imported: p.preview.ready.length, known: p.preview.known }
    },
    newTemporaryOrder: async (order) => world.addTemporary(order),
    ticket: async (visit) => {
      const name = visit.includes('/') ? visit.slice(6) : world.visit(visit).ticket_no
      return { name: `${name}.pdf`, pages: 2, bytes: 48_000, missing: [], pdf_base64: '' }
    },
    saveTicket: async (visit) => `文档/${world.visit(visit).ticket_no}.pdf`,
    printTicket: async () => {
      throw refuse('print_failed')
    },
    packChanges: async (visit) => after(packs.changes(visit)),
    movePack: async (visit, hash) => change(visit, (view) => packs.move(view, hash)),
    packShelf: async () => after(packs.shelf()),
    preview: async (ask) => after(packs.preview(ask)),
    readDraft: async (name, file) => after(packs.read(name, file)),
    place: async (visit) => world.places.get(visit) ?? null,
    rememberPlace: async (visit, place) => void world.places.set(visit, place),
    storageStatus: async () => ({ ...stored, demo: p.demo }),
    startEnrolled: async ({ address, code, pin, passphrase }) => {
      checkFirst(pin, passphrase)
      sync.enrol(address, code)
      return ready()
    },
    enrol: async (address, code) => after(sync.enrol(address, code)),
    syncPanel: async () => after(sync.panel),
    syncNow: async () => after(sync.retry()),
    onSync: (listener) => sync.on(listener),
    visitParts: async (visit) => after(sync.partsOf(world.visit(visit))),
    desk: async (query) => after(desk.desk(query)),
    deskDay: async () => after(desk.day()),
    deskEarlier: async () => after(desk.earlier()),
    deskTicketMissing: async () => [...desk.atHub],
    deskTicket: async (visit, n) => ({
      ...{ name: `${visit.slice(6)}-${n}.pdf`, pages: 2, bytes: 48_000 },
      ...{ missing: [], pdf_base64: '' },
    }),
    fetchPicture: async (_, sha256) => desk.fetched(sha256),
    deskSubmission: async (visit, n) => after(desk.submission(visit, n)),
    giveVerdict: async (verdict) => after(desk.give(verdict)),
    approveUnflagged: async (percent) => after(desk.approveUnflagged(percent)),
    deskExport: async (query) => `文档/审核-${query.view}.csv`,
    assessHome: async () => after(exams.home()),
    assessBegin: async (form, who) => after(exams.begin(form, who)),
    assessment: async (id) => after(exams.open(id)),
    assessAct: async (id, command) => after(exams.act(id, command)),
    assessSign: async (id, request) => after(exams.sign(id, request)),
    assessSheet: async (id) => {
      const { sheet_name, no } = exams.open(id).view
      return {
        name: `${sheet_name}-${no}.pdf`,
        pages: 2,
        bytes: 52_000,
        missing: [],
        pdf_base64: '',
      }
    },
    saveAssessSheet: async (id) => `文档/技能考核评分表-${exams.open(id).view.no}.pdf`,
    printAssessSheet: async () => {
      throw refuse('print_failed')
    },
    staffCards: async () => after(exams.cards()),
    staffCard: async (who) => after(exams.card(who)),
    recordPenalty: async (who, penalty) => after(exams.penalise(who, penalty)),
    awardStars: async (who, stars) => after(exams.award(who, stars)),
    issues: async (query) => after(follow.issuePage(query)),
    plans: async (query) => after(follow.planPage(query)),
    issueDraft: async (source) => after(follow.draft(source)),
    raiseIssue: async (issue) => after(follow.raise(issue)),
    actOnIssue: async (issue, command) => after(follow.act(issue, command)),
    makePlan: async (plan) => after(follow.make(plan)),
    actOnPlan: async (plan, command) => after(follow.actOnPlan(plan, command)),
    followPhone: async (stream) => ({ phone: follow.phone(stream), alternate_contact: null }),
  }
}

/** `?fake&role=lead&submissions=0&state=first_start&theme=dark&lang=en&scale=150&orders=10000&demo&keyless&sync=portal&review=returned&follow&exam&newer` */
export function fakeFromQuery(search: string): FakeBackend {
  const q = new URLSearchParams(search)
  const fake = fakeBackend(pretenceOf(q))
  if (q.has('used')) fake.world.useUp('shoe-covers')
  pretendReview(fake, q.get('review'))
  if (q.has('exam')) fake.exams.begin('jiangsu-s11', { staff_no: '3107', name: '周建国' })
  if (q.has('follow')) fake.follow.fill()
  if (q.has('newer')) fake.packs.arrive()
  return fake
}

/** A verdict on the first order of the day, to look at. */
function pretendReview({ world }: FakeBackend, verdict: string | null): void {
  const order = world.orders[0]?.card.stream
  if (!order) return
  if (verdict === 'approved') world.review(order, 'approved')
  if (verdict === 'rework')
    world.review(order, 'rework', [{ item: null, title: '整单', reason: '皮线没有固定' }])
  if (verdict === 'returned') world.review(order, 'returned', SENT_BACK, '其他都好，辛苦了')
}

function pretenceOf(q: URLSearchParams): Partial<Pretence> {
  const settings = {
    lang: q.get('lang') === 'en' ? ('en' as const) : ('zh' as const),
    theme: (q.get('theme') ?? 'light') as Boot['settings']['theme'],
    scale: Number(q.get('scale') ?? 100),
    keep_days: 30,
  }
  return {
    settings,
    state: (q.get('state') ?? 'ready') as Boot['state'],
    demo: q.has('demo'),
    role: q.get('role') as Boot['role'],
    submissions: Number(q.get('submissions') ?? 40),
    keyless: q.has('keyless'),
    orders: Number(q.get('orders') ?? 5),
    sync: SCENES.find((s) => s === q.get('sync')) ?? 'offline',
    preview: samplePreview(q.has('bad')),
    broken: q.has('broken') ? [{ file: 'telecom.toml', line: 214, reason: MISTAKE }] : [],
  }
}
