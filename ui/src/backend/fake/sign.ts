// Made-up signatures, with the refusals that the pads show.
import { refuse } from '..'
import type { ConsentRequest, Moment, SignRequest, Strokes, VisitView } from '../types'

function isInk(strokes: Strokes | null): boolean {
  return (strokes?.strokes ?? []).reduce((sum, s) => sum + s.length, 0) >= 6
}

/** The customer signs, or says why not. */
export function customerSign(view: VisitView, request: SignRequest, now: Moment): void {
  if (view.customer_signature) throw refuse('already_signed')
  if (request.outcome !== 'refused' && !request.signer.trim()) throw refuse('signer_missing')
  if (request.outcome !== 'signed' && !request.reason?.trim()) throw refuse('reason_missing')
  if (request.outcome !== 'signed' && (request.callback ?? '').length < 5)
    throw refuse('callback_missing')
  const inked = request.outcome === 'signed' || request.outcome === 'proxy'
  if (inked && !isInk(request.strokes)) throw refuse('ink_empty')
  if (view.review) view.review.customer_signs_again = false
  view.customer_signature = {
    outcome: request.outcome,
    signer: request.signer,
    relation: request.relation,
    reason: request.reason,
    at: now,
    digest: request.digest,
  }
}

/** The customer's answer to a statement. */
export function consentSign(view: VisitView, request: ConsentRequest, now: Moment): void {
  const item = view.phases.flatMap((p) => p.items).find((i) => i.id === request.item)
  if (item?.evidence.kind !== 'consent' || view.statement?.item !== item.id)
    throw refuse('not_in_handover')
  if (item.evidence.given?.outcome === 'signed') throw refuse('already_signed')
  if (request.outcome === 'signed' && !isInk(request.strokes)) throw refuse('ink_empty')
  if (request.outcome !== 'signed' && !request.reason?.trim()) throw refuse('reason_missing')
  const { outcome, signer, relation, reason } = request
  item.evidence.given = { outcome, signer, relation, reason, at: now }
  item.at = now
}

/** The technician signs after the customer. */
export function technicianSign(view: VisitView, strokes: Strokes, now: Moment): void {
  if (view.in_handover) throw refuse('in_handover')
  if (!view.customer_signature) throw refuse('customer_first')
  if (!isInk(strokes)) throw refuse('ink_empty')
  view.technician_signed_at = now
}
