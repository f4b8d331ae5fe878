// What the panel says. Whatever the trouble is, what was recorded is kept: it says that first.
import type { SyncItem, SyncPanel, SyncWhy } from '@/backend'
import type { IconName } from '@/components/icons'
import type { MessageKey, TextFn } from '@/i18n'

/** An icon and words: never colour alone. */
export interface Line {
  icon: IconName
  words: string
}

const NETWORK: readonly SyncWhy[] = ['offline', 'cut', 'slow', 'portal']

/** The panel's title: the fact that matters most. */
export function titleOf(t: TextFn, panel: SyncPanel | null): string {
  if (!panel) return t('sync.title')
  if (panel.lost_photos > 0) return t('sync.titleLost', { n: panel.lost_photos })
  const through = panel.waiting.length === 0 && panel.given_up === 0 && !panel.why
  const sent = panel.standing === 'enrolled' && through
  return sent ? t('sync.titleSent') : t('sync.title')
}

/** What to do about it, or that nothing needs doing. */
export function hintOf(t: TextFn, panel: SyncPanel | null): string {
  if (!panel || panel.standing === 'alone') return t('sync.hint')
  if (panel.standing === 'demo') return t('sync.demoHint')
  if (panel.standing !== 'enrolled') return t(`sync.hint.${panel.standing}`)
  if (panel.why) return t(`sync.hint.${panel.why}`)
  if (panel.working) return t('sync.hint.working')
  if (panel.given_up > 0 && panel.waiting.length === 0) return t('sync.hint.givenUp')
  return t(panel.waiting.length === 0 ? 'sync.hint.sent' : 'sync.hint.waiting')
}

/** The line beside the button: how things stand, and since when; `at` writes a moment. */
export function statusOf(t: TextFn, panel: SyncPanel, since: string | null): Line {
  switch (panel.standing) {
    case 'demo':
      return { icon: 'wifi-off', words: t('sync.demoNever') }
    case 'alone':
      return { icon: 'wifi-off', words: t('sync.noHub') }
    case 'stranger':
    case 'revoked':
      return { icon: 'key', words: t(`sync.why.${panel.standing}`) }
  }
  const { why } = panel
  if (why) {
    const words = t(`sync.why.${why}`)
    const icon = NETWORK.includes(why) ? 'wifi-off' : 'info'
    return { icon, words: since ? t('sync.since', { words, at: since }) : words }
  }
  if (panel.working) return { icon: 'refresh', words: t('sync.working') }
  return panel.waiting.length > 0
    ? { icon: 'clock', words: t('sync.soon') }
    : { icon: 'check', words: t('sync.nothing') }
}

/** When it is tried next; `when` is the moment in words. */
export function nextOf(
  t: TextFn,
  panel: SyncPanel,
  when: string | null,
): { words: string; hint: string | null } {
  if (panel.standing === 'stranger') return { words: t('sync.afterCode'), hint: null }
  if (panel.working) return { words: t('sync.working'), hint: null }
  const waits = panel.why !== null && NETWORK.includes(panel.why)
  const hint = waits ? t('sync.nextHint') : null
  return { words: when ?? t(panel.waiting.length > 0 ? 'sync.soon' : 'sync.whenNew'), hint }
}

/** How an order's records are called in the queue: by what happened at the door. */
const RECORDS: Partial<Record<NonNullable<SyncItem['state']>, MessageKey>> = {
  completed: 'sync.item.submission',
  suspended: 'sync.item.unfinished',
  returned: 'sync.item.returned',
  nobody_home: 'sync.item.nobody',
  returned_for_mending: 'sync.item.mending',
}
const ICONS: Partial<Record<NonNullable<SyncItem['state']>, IconName>> = {
  suspended: 'pause',
  returned: 'undo',
  nobody_home: 'home',
}

/** One entry of the queue, worded. */
export interface Entry {
  key: string
  icon: IconName
  title: string
  note: string
  /** Bytes still to send. */
  bytes: number
  /** 0 to 100; null when nothing of it is there yet. */
  percent: number | null
}

function titleOfItem(t: TextFn, item: SyncItem): string {
  if (item.kind === 'standards') return t('sync.item.standards', { n: item.photos })
  const what =
    item.kind === 'photos'
      ? filesOf(t, item)
      : t((item.state && RECORDS[item.state]) ?? 'sync.item.records')
  if (item.visit === null && item.customer === null) return t('sync.item.other')
  return t('sync.item.of', { who: item.customer ?? item.short_no ?? '', what })
}

/** Pictures are counted, signatures are named. */
function filesOf(t: TextFn, { photos, photos_sent, signatures }: SyncItem): string {
  if (photos === photos_sent && signatures > 0) return t('sync.item.ink')
  return t(signatures > 0 ? 'sync.item.photosInk' : 'sync.item.photos', { n: photos })
}

function noteOfItem(t: TextFn, item: SyncItem, place: number, panel: SyncPanel): string {
  if (item.kind === 'standards') return t('sync.item.standardsHint')
  if (item.kind === 'photos') {
    const { photos, photos_sent, signatures, sent } = item
    if (photos === photos_sent && signatures > 0) return t('sync.item.inkHint')
    if (photos_sent === 0 && (sent === 0 || signatures > 0)) return t('sync.item.large')
    if (photos_sent === 0) return t('sync.item.within')
    return t('sync.item.resumes', { sent: photos_sent, next: Math.min(photos, photos_sent + 1) })
  }
  const what = item.visit ? t('sync.recordHint') : t('sync.item.otherHint')
  if (place > 1) return t('sync.item.nth', { what, n: place })
  if (panel.working) return t('sync.item.now', { what })
  const waits = panel.why !== null && NETWORK.includes(panel.why)
  return t(waits ? 'sync.item.firstOnline' : 'sync.item.first', { what })
}

/** The queue in the order in which it is sent. */
export function entriesOf(t: TextFn, panel: SyncPanel): Entry[] {
  return panel.waiting.map((item, i) => ({
    key: `${item.kind}-${item.visit ?? ''}-${i}`,
    icon: item.kind === 'photos' ? 'image' : ((item.state && ICONS[item.state]) ?? 'file'),
    title: titleOfItem(t, item),
    note: noteOfItem(t, item, i + 1, panel),
    bytes: item.bytes,
    percent: item.sent > 0 && item.bytes > 0 ? Math.round((item.sent / item.bytes) * 100) : null,
  }))
}

/** What else somebody should know. */
export function warningsOf(t: TextFn, panel: SyncPanel): Line[] {
  const lines: Line[] = []
  if (panel.given_up > 0)
    lines.push({ icon: 'info', words: t('sync.givenUp', { n: panel.given_up }) })
  const off = panel.clock_off_min
  if (off !== null && off !== 0) {
    const key = off > 0 ? 'sync.clockSlow' : 'sync.clockFast'
    lines.push({ icon: 'clock', words: t(key, { n: Math.abs(off) }) })
  }
  return lines
}
