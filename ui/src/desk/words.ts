// How the desk words a row, a time, a verdict. Facts only; what they mean is the lead's to say.
import type { DeskFlag, DeskRow, Lang, Moment, Verdict } from '@/backend'
import type { IconName } from '@/components/icons'
import type { MessageKey, TextFn } from '@/i18n'
import { date, hm, sameDay } from '@/lib/format'

const DAY_MS = 86_400_000

/** `16:12` today, `昨天 16:12`, `11月20日 周五 16:12`. */
export function when(t: TextFn, at: Moment, now: Moment, lang: Lang): string {
  if (sameDay(at, now)) return hm(at)
  if (sameDay({ ...at, ms: at.ms + DAY_MS }, now)) return t('desk.yesterday', { at: hm(at) })
  return `${date(at, lang)} ${hm(at)}`
}

/** `晚 22 分`, `早 8 分`, `准时`; a dash when nobody arrived. */
export function arrivalWords(t: TextFn, minutes: number | null): string {
  if (minutes === null) return t('desk.none')
  if (minutes === 0) return t('arrival.sharp')
  return t(minutes > 0 ? 'desk.late' : 'desk.early', { n: Math.abs(minutes) })
}

const SIGNED: Readonly<Record<string, MessageKey>> = {
  on_behalf: 'desk.sign.on_behalf',
  proxy: 'desk.sign.on_behalf',
  mark: 'desk.sign.mark',
  unable: 'desk.sign.unable',
  cannot: 'desk.sign.unable',
  refused: 'desk.sign.refused',
}

/** How signing ended when it was not by the customer's own name; null otherwise. */
export function signatureWords(t: TextFn, signature: string): string | null {
  const key = SIGNED[signature]
  return key ? t(key) : null
}

/** 通过, 退回补资料, 返工上门 */
export function verdictWords(t: TextFn, verdict: Verdict): string {
  return t(`desk.verdict.${verdict}`)
}

/** What a row waits for: the promise to the customer first, then the verdict, then what is unusual. */
export function statusWords(t: TextFn, row: DeskRow, chosen: boolean): string {
  if (row.verdict) return t(`desk.decided.${row.verdict}`)
  if (row.call_back_by && row.complaint) return t('desk.callBack', { at: hm(row.call_back_by) })
  if (row.outcome !== 'completed') {
    const kind = t(`today.state.${row.outcome}`)
    return row.outcome_reason ? `${kind} · ${row.outcome_reason}` : kind
  }
  const open = t('desk.open')
  const signed = signatureWords(t, row.signature)
  if (signed) return `${open} · ${signed}`
  if (row.sampled) return t('desk.sampled')
  if (chosen || row.submission > 1) return `${open} · ${t('desk.nth', { n: row.submission })}`
  return open
}

/** `0412 林女士` */
export const rowName = (row: Pick<DeskRow, 'short_no' | 'customer'>): string =>
  `${row.short_no} ${row.customer}`

/** Rows that a flag is about. Ticks at once may name half the list and single out none of it. */
export const singledOut = (flags: readonly DeskFlag[]): Set<string> =>
  new Set(flags.filter((f) => f.kind !== 'taps_at_once').flatMap((f) => f.items))

/** The sign beside a flag. */
export const FLAG_ICONS: Readonly<Record<DeskFlag['kind'], IconName>> = {
  late: 'clock',
  notice_broken: 'phone',
  kit_missing: 'box',
  not_applicable: 'ban',
  taps_at_once: 'clock',
  late_entry: 'pen',
  not_completed: 'pause',
  signature: 'pen',
  out_of_limits: 'gauge',
  photo_reused: 'image',
  photo_alike: 'image',
  dissatisfied: 'say',
  hub_attention: 'info',
}

/** The sign beside a verdict. */
export const VERDICT_ICONS: Readonly<Record<Verdict, IconName>> = {
  approved: 'check-c',
  returned: 'undo',
  rework: 'door',
}
