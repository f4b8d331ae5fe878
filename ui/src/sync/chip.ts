// What the chip says. Whatever the trouble is, what was recorded is kept: it says that first.
import type { Boot, SyncNews, SyncWhy } from '@/backend'
import type { MessageKey, TextFn } from '@/i18n'
import type { Line } from './words'

/** Trouble that passes by itself is not named on the chip: there is nothing to do about it. */
const PASSING: readonly SyncWhy[] = [
  'offline',
  'cut',
  'slow',
  'too_many',
  'hub_failed',
  'photo_failing',
]

/** The chip in a few words. */
export function chipOf(t: TextFn, boot: Boot | null, news: SyncNews | null): Line {
  const kept = (key: MessageKey): Line => ({
    icon: 'saved',
    words: t('sync.chip.but', { trouble: t(key) }),
  })
  if (boot?.demo) return { icon: 'saved', words: t('sync.demo') }
  if (!news || news.standing === 'alone' || news.standing === 'demo')
    return { icon: 'saved', words: t('sync.saved') }
  if (news.standing !== 'enrolled') return kept(`sync.chip.${news.standing}`)
  const { trouble, waiting } = news
  if (trouble && !PASSING.includes(trouble)) return kept(`sync.chip.${trouble}` as MessageKey)
  if (waiting === 0) return { icon: 'check-c', words: t('sync.chip.sent') }
  if (news.working) return { icon: 'saved', words: t('sync.chip.working', { n: waiting }) }
  return { icon: 'saved', words: t('sync.chip.waiting', { n: waiting }) }
}
