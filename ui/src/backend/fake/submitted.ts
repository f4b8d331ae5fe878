// The whole of a made-up submission: the visit as it was sent, its flags and its timeline.
import type {
  DeskFlag,
  DeskRow,
  FlagKind,
  ItemView,
  Moment,
  PhotoView,
  TimelineEntry,
  VisitView,
} from '../types'
import { fiveOnes } from './pack'
import type { Seed } from './submissions'
import { at, later } from './time'
import { freshVisit, recount } from './visit'

/** When the agreed time of a submission was. */
const agreed = (seed: Seed): Moment => later(at('08:00'), seed.at - (seed.minutes ?? 30) - 5)

/** The row of the queue. */
export function rowOf(seed: Seed): DeskRow {
  return {
    ...{ visit: `visit/${seed.no}`, submission: seed.submission, order: `order/${seed.no}` },
    ...{ order_no: `20261122-${seed.no}`, short_no: seed.no },
    ...{ customer: seed.customer, address: seed.address, technician: seed.technician },
    ...{ pack: seed.pack, job: seed.job, arrival_min: seed.arrival, minutes: seed.minutes },
    ...{ rating: seed.rating, dissatisfied: seed.rating === '不满意', outcome: seed.outcome },
    ...{ outcome_reason: seed.reason, signature: seed.signature },
    submitted_at: later(at('08:00'), seed.at),
    call_back_by: seed.complaint ? at('17:30') : null,
    ...{ flags: seed.flags.length, complaint: seed.complaint, verdict: seed.verdict },
    sampled: seed.sampled,
  }
}

function photo(seed: Seed, kind: string, item: string, when: Moment): PhotoView {
  const sha256 = `pic-${kind}-${seed.no}`
  return {
    ...{ id: `${seed.no}-${kind}`, target: { to: 'item', item }, sha256, thumb_sha256: sha256 },
    ...{ width: 2048, height: 1536, at: when },
  }
}

const PICTURES: Readonly<Record<string, string>> = {
  'prior-damage': 'frame',
  'mat-laid': 'mat',
  cabling: 'cabling',
  optical: 'meter',
  speed: 'speed',
}

function fill(seed: Seed, item: ItemView, when: Moment): void {
  const { evidence } = item
  item.at = when
  if (evidence.kind === 'tick' || evidence.kind === 'photo') item.answer = { type: 'tick' }
  if (evidence.kind === 'tick_or_na') item.answer = { type: 'not_applicable', reason: '没有动过' }
  if (evidence.kind === 'choice') item.answer = { type: 'choice', option: 'full', note: null }
  if (evidence.kind === 'reading') {
    const low = seed.flags.includes('out_of_limits')
    for (const slot of evidence.spec.slots) {
      const value =
        item.id === 'speed' ? '942' : slot.id === 'before' ? '-24.3' : low ? '-28.4' : '-21.6'
      const bad = low && value === '-28.4'
      Object.assign(slot, { value, within: !bad, reason: bad ? '外线衰减大' : null })
    }
    item.answer = { type: 'reading', values: {} }
  }
  const kind = PICTURES[item.id]
  if (kind) item.photos = [photo(seed, kind, item.id, when)]
}

/** The visit as it was submitted. */
export function visitOf(seed: Seed): VisitView {
  const row = rowOf(seed)
  const start = agreed(seed)
  const card = {
    ...{ stream: row.order, no: row.order_no, short_no: seed.no, customer: seed.customer },
    ...{
      phone_masked: '138****0000',
      alternate_contact: null,
      address: seed.address,
      site_note: null,
    },
    ...{ service: `${seed.pack} 1000M`, job: seed.job, note: null, supplies: null },
    ...{ contracted_mbps: 1000, promised_start: start, promised_end: null, deadline: null },
    ...{ cancelled: null, temporary: false },
  }
  const visit = freshVisit({ card, phone: '', standard: 'cmcc-broadband' }, row.visit)
  visit.technician = seed.technician
  visit.kits = [fiveOnes(at('08:05'))]
  const walk = visit.phases.flatMap((p) => p.items)
  walk.forEach((item, i) => fill(seed, item, later(start, i)))
  for (const [milestone, n] of [
    ['departed', -30],
    ['at_door', seed.arrival ?? 0],
    ['entered', 2],
  ] as const)
    visit.milestones.push({ milestone, at: later(start, n), claim: null })
  visit.calls.push({
    call: { purpose: 'appointment', result: 'answered', note: '' },
    at: later(start, -170),
  })
  visit.appointment = {
    ...{ start, end: null, proposed_by: 'customer', note: null, agreed_at: later(start, -170) },
    ...{ change: null, notice_minutes: null, notice_kept: null },
  }
  const label = {
    ...photo(seed, 'label', 'devices', later(start, 20)),
    target: { to: 'row' as const, row: 'ont' },
  }
  visit.devices = [
    {
      ...{ row_id: 'ont', photos: [label], total: null },
      row: {
        list: 'devices',
        name: '光猫 G-2101',
        sn: '48DB2A7C1907',
        mac: '',
        action: 'installed',
      },
    },
  ]
  visit.no_fees = true
  visit.feedback_sealed = seed.rating !== null
  visit.customer_signature = {
    ...{ outcome: 'signed', signer: seed.customer, relation: 'customer', reason: null },
    ...{ at: later(row.submitted_at, -4), digest: 'ab'.repeat(32) },
  }
  visit.technician_signed_at = row.submitted_at
  visit.outcome = { kind: 'completed' }
  visit.submissions = Array.from({ length: seed.submission }, (_, i) => ({
    ...{ n: i + 1, at: later(row.submitted_at, (i + 1 - seed.submission) * 90) },
    ...{ outcome: { kind: 'completed' as const }, digest: 'ab'.repeat(32) },
  }))
  const last = visit.submissions.at(-1)
  if (last && seed.submission > 1) last.cannot_mend = '设备已经装进弱电箱，标签朝里'
  recount(visit, row.submitted_at)
  return visit
}

type Made = Pick<DeskFlag, 'title' | 'detail'> & Partial<DeskFlag>

function made(seed: Seed, kind: FlagKind): Made {
  const start = agreed(seed)
  const words: Record<FlagKind, Made> = {
    late: {
      title: `到门口晚 ${seed.arrival ?? 0} 分钟`,
      detail: '约定时间前没有通知客户',
      clause: 'S37-12',
    },
    notice_broken: { title: '改约通知晚了', detail: '离约定时间只剩 40 分钟', clause: 'S37-14' },
    kit_missing: { title: '五个一缺一样', detail: '缺垫布，原因：班组没有货' },
    not_applicable: { title: '3 项记为不适用', detail: '原因都是没有动过', items: ['sockets'] },
    taps_at_once: {
      title: '3 项在同一秒打勾',
      detail: '13:54:10「本步全部做到」，都是不需照片的项',
      items: ['introduced'],
    },
    late_entry: {
      title: '1 项是补录',
      detail: '说的是 10:20，真实录入 12:45，原因：先记在纸上',
      items: ['verified'],
    },
    not_completed: {
      title: '未完工',
      detail: `原因：${seed.reason ?? ''}。下一步：约物业疏通管道`,
    },
    signature: { title: '不是本人签字', detail: '代签：婆婆，原因：客户上班' },
    out_of_limits: {
      title: '装后光功率超出范围',
      detail: '−28.4 dBm，公司限值 −27 到 −8',
      items: ['optical'],
    },
    photo_reused: {
      title: '同一张照片用过',
      detail: '和 0388 的走线照完全一样',
      photo: `pic-cabling-${seed.no}`,
    },
    photo_alike: {
      ...{ title: '走线照与 0388 相似 96 %', detail: '同一师傅，昨天 16:12。左边两张可对比' },
      ...{ items: ['cabling'], photo: `pic-cabling-${seed.no}` },
      like: {
        ...{ visit: 'visit/0388', short_no: '0388', technician: seed.technician },
        ...{ photo: 'pic-cabling-0388', at: at('16:12', -1), percent: 96 },
      },
    },
    dissatisfied: { title: '客户不满意', detail: '客户说：来晚了，也没打电话' },
    rule_broken: {
      title: '上门前没有按时打电话',
      detail: '2026-11-22 13:52',
      clause: 'S22-26',
    },
    consent: { title: '开孔前签字：口头同意，没签', detail: '林女士 · 手不方便' },
    gear_expired: { title: '安全帽（到期 2026-11-20）', detail: '13:10 · 新的明天到' },
    hub_attention: {
      title: '服务器留意到一处',
      detail: `平板时间和服务器差 12 分钟，${start.ms > 0 ? '记录照收' : ''}`,
    },
  }
  return words[kind]
}

/** The flags of a submission. */
export function flagsOf(seed: Seed): DeskFlag[] {
  return seed.flags.map((kind) => ({
    ...{ kind, clause: null, items: [], photo: null, like: null },
    ...made(seed, kind),
  }))
}

/** What happened when. */
export function timelineOf(seed: Seed): TimelineEntry[] {
  const start = agreed(seed)
  const late = (seed.arrival ?? 0) > 0
  const entry = (n: number, words: string, more: Partial<TimelineEntry> = {}): TimelineEntry => ({
    ...{ at: later(start, n), words, tone: 'done', clause: null, extra: null },
    ...more,
  })
  const alike = seed.flags.includes('photo_alike')
  const stay = seed.minutes ?? 30
  return [
    entry(-170, '通话，约定时间'),
    entry(-24, '出发'),
    entry(seed.arrival ?? 0, '到门口', {
      extra: `${late ? '晚' : '早'} ${Math.abs(seed.arrival ?? 0)} 分钟`,
      tone: late ? 'breach' : 'done',
      clause: late ? 'S37-12' : null,
    }),
    entry(2, '进门，已出示记录表'),
    entry(18, '测速 942 Mbps'),
    entry(26, '走线照', alike ? { tone: 'soon', extra: '相似 96 %' } : {}),
    entry(stay - 4, `${seed.customer} 本人签字`),
    entry(stay + 5, '师傅签字，提交'),
    { ...entry(stay + 129, '收到（途中无网）'), tone: 'idle' },
  ]
}
