// A made-up visit that was done from the first row to the last, and submitted.
import type { ItemView, Moment, PhotoView, VisitView } from '../types'
import type { Ground } from './act'
import { recount } from './visit'

function photo(view: VisitView, item: ItemView, ground: Ground): PhotoView {
  const id = ground.newId()
  const row = view.devices[0]?.row_id ?? ''
  const target =
    item.evidence.kind === 'rows'
      ? { to: 'row' as const, row }
      : { to: 'item' as const, item: item.id }
  const hashes = { sha256: `photo-${id}`, thumb_sha256: `thumb-${id}` }
  return { id, target, ...hashes, width: 2048, height: 1536, at: ground.now }
}

function addRow(view: VisitView, list: 'devices' | 'materials' | 'fees', ground: Ground): void {
  if (list === 'fees') view.no_fees = true
  if (list !== 'devices') return
  const row = {
    list,
    name: '光猫 HG8145',
    sn: 'HG8145-23F1',
    mac: '',
    action: 'installed',
  } as const
  view.devices.push({ row_id: ground.newId(), row, photos: [], total: null })
}

function fill(view: VisitView, item: ItemView, ground: Ground, at: Moment): void {
  const { evidence } = item
  if (evidence.kind === 'rows') addRow(view, evidence.list, ground)
  if (evidence.kind === 'reading') {
    const { min, max, slots } = evidence.spec
    for (const slot of slots) Object.assign(slot, { value: min ?? max ?? '1', within: true })
  }
  if (evidence.kind === 'choice')
    item.answer = { type: 'choice', option: evidence.options[0]?.id ?? '', note: null }
  else if (evidence.kind === 'text') item.answer = { type: 'text', text: '放在客厅' }
  else if (evidence.kind.startsWith('tick')) item.answer = { type: 'tick' }
  item.at = at
  const wanted = item.photo_rule?.min ?? 0
  const holder = evidence.kind === 'rows' ? view.devices[0] : item
  for (let i = 0; i < wanted; i += 1) holder?.photos.push(photo(view, item, { ...ground, now: at }))
}

/** Plays a visit out: every row, the signatures, the submission at `ground.now`. */
export function playOut(view: VisitView, ground: Ground): void {
  const at = ground.now
  view.calls.push({ call: { purpose: 'appointment', result: 'answered', note: null }, at })
  for (const milestone of ['departed', 'at_door', 'entered', 'left'] as const)
    view.milestones.push({ milestone, at, claim: null })
  for (const question of view.phases.flatMap((p) => p.questions)) question.value = false
  recount(view, at)
  for (const item of view.phases.flatMap((p) => p.items)) fill(view, item, ground, at)
  view.feedback_sealed = true
  view.customer_signature = {
    outcome: 'signed',
    signer: view.order.customer,
    relation: 'customer',
    reason: null,
    at,
    digest: 'cd'.repeat(32),
  }
  view.technician_signed_at = at
  view.outcome = { kind: 'completed' }
  view.submissions.push({ n: 1, at, outcome: view.outcome, digest: 'cd'.repeat(32) })
  recount(view, at)
}
