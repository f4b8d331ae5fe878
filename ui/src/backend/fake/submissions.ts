// Made-up submissions of one team's day: who, where, how it went. The visits behind them are built when they are read.
import type { Actor, FlagKind, JobType, OutcomeKind, Verdict } from '../types'

/** The lead who sits at the made-up desk. */
export const LEAD: Actor = { staff_no: '1002', name: '陈立新' }
/** Another lead of the same team. */
export const OTHER_LEAD: Actor = { staff_no: '1005', name: '刘卫国' }

/** One submission in a line. */
export interface Seed {
  no: string
  customer: string
  address: string
  technician: Actor
  pack: string
  job: JobType
  /** Minutes before (negative) or after the agreed time. */
  arrival: number | null
  minutes: number | null
  rating: string | null
  outcome: OutcomeKind
  reason: string | null
  signature: string
  flags: FlagKind[]
  complaint: boolean
  sampled: boolean
  submission: number
  verdict: Verdict | null
  /** Minutes after 08:00 at which it was submitted. */
  at: number
}

const CREW: Actor[] = [
  { staff_no: '3107', name: '周建国' },
  { staff_no: '3112', name: '李志强' },
  { staff_no: '3120', name: '王海燕' },
  { staff_no: '3131', name: '赵文博' },
  { staff_no: '3144', name: '孙晓梅' },
]
const FAMILIES = '何高马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟'
const STREETS = ['翠湖花园', '锦绣路', '梅园里', '滨江西路', '桂花新村', '北门街']
const RATINGS = ['满意', '很满意', '满意', '一般']

function seed(no: string, customer: string, address: string, more: Partial<Seed>): Seed {
  return {
    ...{ no, customer, address, technician: CREW[0]!, pack: '移动宽带', job: 'install' },
    ...{ arrival: -7, minutes: 45, rating: '满意', outcome: 'completed', reason: null },
    ...{ signature: 'signed', flags: [], complaint: false, sampled: false },
    ...{ submission: 1, verdict: null, at: 420 },
    ...more,
  }
}

/** The six that the mockup shows, and two that were sent again. */
function told(): Seed[] {
  return [
    seed('0387', '陈先生', '梅园里 31 号 2 幢 502 室', {
      ...{ technician: CREW[1]!, job: 'repair', arrival: 22, minutes: 65, rating: '不满意' },
      ...{ complaint: true, flags: ['late', 'dissatisfied'], at: 505 },
    }),
    seed('0412', '林女士', '翠湖花园 7 幢 2 单元 1203 室', {
      ...{ arrival: -8, minutes: 42, flags: ['photo_alike', 'taps_at_once'], at: 398 },
    }),
    seed('0405', '周先生', '锦绣路 88 号 3 幢 401 室', {
      ...{ job: 'move', arrival: -6, minutes: 31, rating: null },
      ...{ outcome: 'suspended', reason: '管道不通', flags: ['not_completed'], at: 210 },
    }),
    seed('0401', '孙女士', '滨江西路 18 号 1 幢 903 室', {
      ...{ technician: CREW[2]!, pack: '苏州电信', arrival: -5, minutes: 38, rating: '基本满意' },
      ...{ signature: 'on_behalf', flags: ['signature'], at: 300 },
    }),
    seed('0391', '许先生', '北门街 5 号 2 单元 202 室', {
      ...{
        technician: CREW[3]!,
        arrival: -6,
        minutes: 52,
        submission: 2,
        flags: ['out_of_limits'],
        at: 470,
      },
    }),
    seed('0398', '何女士', '翠湖花园 3 幢 1 单元 601 室', { minutes: 51, at: 150 }),
    seed('0396', '高先生', '锦绣路 120 号 5 幢 1104 室', {
      ...{ technician: CREW[1]!, arrival: -9, minutes: 46, sampled: true, at: 170 },
    }),
    seed('0379', '邓女士', '桂花新村 12 幢 4 单元 301 室', {
      ...{
        technician: CREW[4]!,
        job: 'repair',
        minutes: 33,
        verdict: 'rework',
        flags: ['out_of_limits'],
        at: 95,
      },
    }),
    seed('0376', '潘先生', '梅园里 8 号', {
      ...{
        technician: CREW[2]!,
        pack: '苏州电信',
        minutes: 40,
        verdict: 'returned',
        flags: ['late_entry'],
        at: 80,
      },
    }),
  ]
}

/** A submission without anything to tell, numbered backwards from today's first. */
function usual(i: number): Seed {
  const family = FAMILIES[i % FAMILIES.length] ?? '何'
  const street = STREETS[i % STREETS.length] ?? ''
  return seed(
    String(3700 + i),
    `${family}${i % 2 ? '先生' : '女士'}`,
    `${street} ${i + 3} 号 ${1 + (i % 6)} 幢 ${100 * (1 + (i % 9)) + 1} 室`,
    {
      technician: CREW[i % CREW.length]!,
      pack: i % 3 === 2 ? '苏州电信' : '移动宽带',
      job: (['install', 'install', 'repair', 'move'] as const)[i % 4]!,
      arrival: -5 - (i % 6),
      minutes: 28 + ((i * 7) % 40),
      rating: i % 11 === 10 ? null : (RATINGS[i % RATINGS.length] ?? null),
      verdict: i % 16 === 15 ? 'approved' : null,
      flags: i % 13 === 12 ? ['late_entry'] : [],
      at: 60 + ((i * 11) % 440),
    },
  )
}

/** `count` submissions; the first nine are always the same. */
export function seeds(count: number): Seed[] {
  const first = told().slice(0, count)
  return [
    ...first,
    ...Array.from({ length: Math.max(0, count - first.length) }, (_, i) => usual(i)),
  ]
}
