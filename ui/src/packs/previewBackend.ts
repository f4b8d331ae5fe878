import {
  refuse,
  type Backend,
  type Command,
  type JobType,
  type PreviewOf,
  type PreviewStage,
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
  signed: boolean
  commands: Command[]
}

/** The window's own business goes on beside a preview. */
const PASSED = new Set<PropertyKey>(['syncPanel', 'syncNow', 'onSync'])

/**
 * The backend of the walk inside a preview: it looks and taps, and nothing else. What would store something (photos, signatures,
 * calls to customers) is refused, and never reaches the real one.
 */
export function previewBackend(
  real: Backend,
  setup: Setup,
  shown: (view: PreviewView) => void,
): Backend {
  async function look(commands: Command[]): Promise<VisitView> {
    const view = await real.preview({ ...setup, commands })
    setup.commands = commands
    shown(view)
    return view.visit
  }
  const does: Partial<Backend> = {
    visit: () => look(setup.commands),
    act: (_, command) => look([...setup.commands, command]),
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
