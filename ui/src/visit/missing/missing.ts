import type { MissingView, PhotoTarget, VisitView } from '@/backend'
import type { IconName } from '@/components/icons'
import type { MessageKey, TextFn } from '@/i18n'
import { brief } from '../words'

/** How a missing thing is put right from the list. */
export type Remedy =
  | { how: 'photo'; target: PhotoTarget }
  | { how: 'tick'; item: string }
  | { how: 'fact'; fact: string }
  | { how: 'fees' }
  | { how: 'customer' }
  | { how: 'technician' }
  | { how: 'handback' }
  | { how: 'late'; item: string }
  | { how: 'go'; phase: string; item: string | null }

/** One line of the list. */
export interface Need {
  key: string
  title: string
  /** What it is about, for the blue button. */
  subject: string
  note: string
  icon: IconName
  action: string
  remedy: Remedy
}

const ICONS: Partial<Record<MissingView['code'], IconName>> = {
  photos: 'camera',
  leave_note_photo: 'camera',
  reading: 'gauge',
  reading_reason: 'gauge',
  fees: 'coin',
  fee_agreement: 'coin',
  customer_signature: 'pen',
  technician_signature: 'pen',
  feedback: 'pen',
  appointment: 'phone',
  kit: 'box',
  gear: 'box',
  consent: 'pen',
  milestone: 'clock',
}

/** Things better named by what is done than by what they are about. */
const BY_ACTION: Remedy['how'][] = ['customer', 'technician', 'handback']

/** The item a missing thing is about. */
function itemOf(view: VisitView, missing: MissingView) {
  return view.phases.flatMap((p) => p.items).find((i) => i.id === missing.item) ?? null
}

function photoTarget(view: VisitView, missing: MissingView): PhotoTarget | null {
  if (missing.code === 'leave_note_photo') return { to: 'leave_note' }
  const item = itemOf(view, missing)
  if (!item || item.frozen) return null
  if (item.evidence.kind !== 'rows') return { to: 'item', item: item.id }
  const rows = { devices: view.devices, materials: view.materials, fees: view.fees }[
    item.evidence.list
  ]
  const bare = rows.find((row) => row.photos.length === 0)
  return bare ? { to: 'row', row: bare.row_id } : null
}

function remedyOf(view: VisitView, missing: MissingView): Remedy {
  const here: Remedy = {
    how: 'go',
    phase: missing.phase ?? view.phases[0]?.id ?? '',
    item: missing.item,
  }
  const item = itemOf(view, missing)
  switch (missing.code) {
    case 'photos':
    case 'leave_note_photo': {
      const target = photoTarget(view, missing)
      return target ? { how: 'photo', target } : here
    }
    case 'fees':
      return { how: 'fees' }
    case 'customer_signature':
    case 'feedback':
      return { how: 'customer' }
    case 'technician_signature':
      return { how: 'technician' }
    case 'handover':
      return { how: 'handback' }
    case 'question': {
      const asked = view.phases
        .find((p) => p.id === missing.phase)
        ?.questions.find((q) => q.text === missing.text)
      return asked ? { how: 'fact', fact: asked.id } : here
    }
    case 'item': {
      const plain = item?.evidence.kind === 'tick' && !item.blocked_by && !item.frozen
      return plain ? { how: 'tick', item: item.id } : here
    }
    case 'milestone':
      return missing.item && !item?.blocked_by ? { how: 'late', item: missing.item } : here
    default:
      return here
  }
}

/** The second line: where it is, and what is known already. */
function noteOf(t: TextFn, view: VisitView, missing: MissingView): string {
  const where = missing.phase_name ?? ''
  if (missing.code === 'customer_signature') return `${where} · ${t('missing.unsignedToo')}`
  if (missing.code === 'fees') return t('missing.feesHere')
  const item = itemOf(view, missing)
  if (item?.blocked_by) return `${where} · ${t('row.first', { item: item.blocked_by })}`
  if (item?.evidence.kind === 'reading') {
    const spec = item.evidence.spec
    const known = spec.slots.find((s) => s.value !== null)
    if (known?.value)
      return `${where} · ${known.name} ${known.value.replace('-', '−')} ${spec.unit}`
  }
  return where
}

/** Everything missing as lines of the list, in the pack's order. */
export function needsOf(t: TextFn, view: VisitView): Need[] {
  return view.missing.map((missing, i) => {
    const remedy = remedyOf(view, missing)
    const item = itemOf(view, missing)
    const subject = missing.code === 'reading' ? readingSubject(t, missing, item) : missing.text
    return {
      key: `${missing.code}-${missing.item ?? missing.phase ?? ''}-${i}`,
      title: t(`missing.title.${missing.code}` as MessageKey, { item: subject, n: missing.count }),
      subject: BY_ACTION.includes(remedy.how) ? t(`missing.do.${remedy.how}`) : subject,
      note: noteOf(t, view, missing),
      icon: ICONS[missing.code] ?? 'chev-r',
      action: t(`missing.do.${remedy.how}`),
      remedy,
    }
  })
}

/** Names the slot that is empty: 装后光功率. */
function readingSubject(t: TextFn, missing: MissingView, item: ReturnType<typeof itemOf>): string {
  if (item?.evidence.kind !== 'reading') return missing.text
  const slot = item.evidence.spec.slots.find((s) => s.required && s.value === null)
  return slot ? t('missing.slot', { slot: slot.name, item: missing.text }) : missing.text
}

/** What the blue button says: `补第 1 项：设备标签`. */
export const firstWords = (t: TextFn, need: Need) =>
  t('missing.first', { what: brief(need.subject, 12) })
