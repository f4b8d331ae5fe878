// After a crash or a restart the tablet may still be in the customer's hands: then it opens there, not on Today.
import type { Backend, TodayRow } from '@/backend'

const MOST_ROWS = 200

function mayBeWithCustomer(row: TodayRow): boolean {
  return row.stage === 'inside' || row.stage === 'customer_signed'
}

/** The visit whose tablet is with the customer, if any. Trouble reading it is left to the page that follows. */
export async function visitInHandover(backend: Backend): Promise<string | null> {
  try {
    const page = await backend.today({ search: null, offset: 0, limit: MOST_ROWS })
    for (const row of page.rows.filter(mayBeWithCustomer)) {
      if (row.visit && (await backend.visit(row.visit)).in_handover) return row.visit
    }
  } catch {
    return null
  }
  return null
}
