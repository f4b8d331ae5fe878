import {
  refuse,
  type Backend,
  type JobType,
  type Moment,
  type PreviewOf,
  type PreviewStage,
  type PreviewTap,
  type PreviewView,
  type VisitView,
} from '@/backend'

/** The visit of every preview; it is in no list. */
export const PREVIEW_ID = 'visit/preview'

/** What the made-up visit stands on, and what was tapped since. */
export interface Setup {
  of: PreviewOf
  job: JobType | null
  stage: PreviewStage
  /** Null until the first answer tells it. */
  began: Moment | null
  signed: boolean
  taps: PreviewTap[]
}

/** The window's own business goes on beside a preview. */
const PASSED = new Set<PropertyKey>(['syncPanel', 'syncNow', 'onSync'])

/**
 * The backend of a visit's pages inside a preview: it looks, taps and signs on the made-up visit, and nothing else. What would store
 * something (photos, calls to customers) is refused, and never reaches the real one.
 */
export function previewBackend(
  real: Backend,
  setup: Setup,
  shown: (view: PreviewView) => void,
): Backend {
  async function look(taps: PreviewTap[]): Promise<VisitView> {
    const view = await real.preview({ ...setup, taps })
    Object.assign(setup, { taps, began: view.began })
    shown(view)
    return view.visit
  }
  const tap = (next: PreviewTap): Promise<VisitView> => look([...setup.taps, next])
  const does: Partial<Backend> = {
    visit: () => look(setup.taps),
    act: (_, command) => tap({ tap: 'act', command }),
    customerSign: (_, request) => tap({ tap: 'customer_sign', request }),
    consentSign: (_, request) => tap({ tap: 'consent_sign', request }),
    technicianSign: (_, strokes) => tap({ tap: 'technician_sign', strokes }),
    // any PIN will do: whether it is right is nothing that a look may count
    endHandover: () => tap({ tap: 'act', command: { do: 'end_handover' } }),
    place: () => Promise.resolve(null),
    rememberPlace: () => Promise.resolve(),
  }
  const only = (): Promise<never> => Promise.reject(refuse('preview_only'))
  return new Proxy(real, {
    get: (target, name, self) => {
      if (name in does) return does[name as keyof Backend]
      return PASSED.has(name) ? (Reflect.get(target, name, self) as unknown) : only
    },
  })
}
