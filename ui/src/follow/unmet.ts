// The row of a visit that records what could not be settled there: every pack names it so.
import type { ItemView } from '@/backend'

const UNMET_ROW = 'issue-record'

/** Whether an issue can be raised from this row: something is written there. */
export function isUnmet(item: ItemView): boolean {
  return item.id === UNMET_ROW && item.answer?.type === 'text'
}
