// The rows of a visit for what could not be settled there: every pack names them so.
import type { ItemView, VisitView } from '@/backend'

const UNMET_ROW = 'issue-record'
const PROMISE_ROW = 'issue-promise'

/** Whether an issue can be raised from this row: something is written there. */
export function isUnmet(item: ItemView): boolean {
  return item.id === UNMET_ROW && item.answer?.type === 'text'
}

/** The row that still asks when and by whom the customer is answered: an issue's promise says it. */
export function asksForPromise(view: VisitView): ItemView | undefined {
  const rows = view.phases.flatMap((phase) => phase.items)
  return rows.find(
    (row) =>
      row.id === PROMISE_ROW &&
      row.evidence.kind === 'text' &&
      row.answer === null &&
      row.blocked_by === null &&
      !row.frozen,
  )
}
