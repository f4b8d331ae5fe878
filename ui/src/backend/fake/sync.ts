// A made-up company server: how far the upload is, who is enrolled, which parts of a visit have arrived.
import { refuse } from '..'
import type { Office, SyncItem, SyncNews, SyncPanel, VisitParts, VisitView } from '../types'
import { at, later } from './time'
import { TECHNICIAN } from './visit'

/** The one code that this office gave out. */
export const OFFICE_CODE = '7KQ2-M9FX-R4DA'

/** Where the upload can stand, for looking at the panel. */
export const SCENES = [
  'alone',
  'sent',
  'working',
  'offline',
  'cut',
  'slow',
  'portal',
  'too_many',
  'hub_failed',
  'hub_full',
  'not_understood',
  'device',
  'photo_failing',
  'photo_rejected',
  'photo_vanished',
  'stranger',
  'revoked',
] as const
/** Name of a scene. */
export type SyncScene = (typeof SCENES)[number]

/** The office that a tablet of these stories belongs to. */
export const OFFICE: Office = {
  address: 'https://hub.example.com',
  staff: TECHNICIAN,
  team: '一班',
  role: 'technician',
}

const records = (more: Partial<SyncItem>): SyncItem => ({
  kind: 'records',
  visit: null,
  customer: null,
  short_no: null,
  state: null,
  records: 1,
  photos: 0,
  photos_sent: 0,
  signatures: 0,
  bytes: 0,
  sent: 0,
  ...more,
})

const HE = {
  visit: 'visit-0398',
  customer: '何女士',
  short_no: '0398',
  state: 'completed' as const,
}
const ZHOU = {
  visit: 'visit-0405',
  customer: '周先生',
  short_no: '0405',
  state: 'suspended' as const,
}

const QUEUE: SyncItem[] = [
  records({ ...HE, records: 62, bytes: 86_000 }),
  records({ ...ZHOU, records: 31, bytes: 41_200 }),
  records({
    ...HE,
    kind: 'photos',
    records: 0,
    photos: 6,
    photos_sent: 2,
    bytes: 2_800_000,
    sent: 924_000,
  }),
]

function sum(
  items: SyncItem[],
  kind: SyncItem['kind'],
  of: 'records' | 'photos' | 'bytes' | 'sent',
) {
  return items.filter((i) => i.kind === kind).reduce((all, i) => all + i[of], 0)
}

function panelOf(waiting: SyncItem[], more: Partial<SyncPanel>): SyncPanel {
  return {
    standing: 'enrolled',
    working: false,
    why: null,
    since: null,
    next: null,
    last_success: at('12:46'),
    waiting,
    records: sum(waiting, 'records', 'records'),
    record_bytes: sum(waiting, 'records', 'bytes'),
    photos: sum(waiting, 'photos', 'photos'),
    photo_bytes: sum(waiting, 'photos', 'bytes'),
    photo_sent: sum(waiting, 'photos', 'sent'),
    lost_photos: 0,
    given_up: 0,
    clock_off_min: null,
    ...more,
  }
}

/** The panel of a scene. */
export function panelFor(scene: SyncScene): SyncPanel {
  const trouble = {
    since: at('12:51'),
    next: { ...later(at('13:22'), 2), ms: at('13:22').ms + 160_000 },
  }
  switch (scene) {
    case 'alone':
      return panelOf([], { standing: 'alone', last_success: null })
    case 'sent':
      return panelOf([], { next: at('13:27') })
    case 'working':
      return panelOf(QUEUE, { working: true })
    case 'stranger':
    case 'revoked':
      return panelOf(QUEUE, { standing: scene, since: at('12:51') })
    case 'photo_failing':
    case 'photo_rejected':
      return panelOf(QUEUE.slice(2), { why: scene, ...trouble })
    case 'photo_vanished':
      return panelOf(QUEUE.slice(2), { why: scene, lost_photos: 1, ...trouble })
    default:
      return panelOf(QUEUE, { why: scene, ...trouble })
  }
}

/** The upload of a made-up tablet. */
export class FakeSync {
  panel: SyncPanel
  office: Office | null
  /** How often 现在重试 was tapped. */
  retries = 0
  private readonly listeners = new Set<(news: SyncNews) => void>()

  constructor(scene: SyncScene, demo: boolean) {
    this.panel = panelFor(scene)
    this.office = this.panel.standing === 'enrolled' ? OFFICE : null
    if (demo) this.panel = { ...panelFor('alone'), standing: 'demo' }
    if (this.panel.standing === 'stranger' || this.panel.standing === 'revoked')
      this.office = OFFICE
  }

  on(listener: (news: SyncNews) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** What the shell would push to the window. */
  tell(more: Partial<SyncNews> = {}): void {
    const { panel } = this
    const news: SyncNews = {
      waiting: panel.waiting.length,
      working: panel.working,
      trouble: panel.why,
      standing: panel.standing,
      streams: [],
      wiped: false,
      ...more,
    }
    for (const listener of this.listeners) listener(structuredClone(news))
  }

  /** Goes on to another scene and tells it. */
  become(scene: SyncScene, more: Partial<SyncNews> = {}): void {
    this.panel = panelFor(scene)
    this.tell(more)
  }

  retry(): SyncPanel {
    this.retries += 1
    if (this.panel.standing === 'enrolled') this.panel = panelFor('working')
    return this.panel
  }

  enrol(address: string, code: string): SyncPanel {
    if (!/^(https?:\/\/)?[\w.-]+(:\d+)?\/?$/.test(address.trim())) throw refuse('enrol_address')
    if (address.includes('away')) throw refuse('hub_unreachable')
    if (address.includes('portal')) throw refuse('hub_not_doorstep')
    const plain = code.toUpperCase().replace(/[^0-9A-Z]/g, '')
    if (plain !== OFFICE_CODE.replaceAll('-', '')) throw refuse('enrol_code')
    this.office = { ...OFFICE, address: address.trim() }
    this.panel = panelFor('sent')
    return this.panel
  }

  /** The parts of a visit: photos go up in their order. */
  partsOf(view: VisitView): VisitParts {
    const sent = this.panel.waiting.length === 0 && this.panel.standing === 'enrolled'
    const pictures = [
      ...view.phases.flatMap((p) => p.items).flatMap((i) => i.photos),
      ...view.devices.flatMap((r) => r.photos),
      ...view.other_photos,
    ]
    const photos = pictures.map((p, i) => ({
      sha256: p.sha256,
      kind: 'photo' as const,
      bytes: 460_000,
      stored: sent || i < 1,
      deleted: false,
    }))
    const signature = {
      sha256: `ink-${view.visit}`,
      kind: 'signature' as const,
      bytes: 4_200,
      stored: sent,
      deleted: false,
    }
    if (view.submissions.length === 0)
      return { records: 8, records_confirmed: sent ? 8 : 0, photos, deletable: false }
    return {
      records: 62,
      records_confirmed: sent ? 62 : 40,
      photos: [signature, ...photos],
      deletable: false,
    }
  }
}
