// What component tests share: a page on a made-up tablet.
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { onTestFinished, vi } from 'vitest'
import { createMemoryHistory, type Router } from 'vue-router'
import App from './App.vue'
import { withBackend } from './backend'
import { fakeBackend, type FakeBackend, type Pretence } from './backend/fake'
import { createPages } from './router'
import { createSession, withSession } from './session'

/** A mounted app and everything a story looks at. */
export interface Stage {
  page: VueWrapper
  backend: FakeBackend
  router: Router
  /** Taps what has this test id. */
  tap(id: string): Promise<void>
  /** Types into what has this test id. */
  type(id: string, words: string): Promise<void>
  /** Puts a file into the input with this test id. */
  give(id: string, file: File): Promise<void>
  /** The words of what has this test id. */
  words(id: string): string
  /** Whether something has this test id. */
  has(id: string): boolean
}

// pages are loaded lazily; here they are in memory before a story begins
import.meta.glob('./{start,today,import,settings,order,visit,desk,assess,follow,packs}/*Page.vue', {
  eager: true,
})

/** How long a story waits for what must come: a loaded machine is slow, not wrong. */
export const PATIENCE = { timeout: 30_000 }

/** Lets everything that was asked for arrive, a lazily loaded page included. */
async function settle(): Promise<void> {
  await flushPromises()
  await vi.dynamicImportSettled()
  for (let i = 0; i < 5; i += 1) await flushPromises()
}

const by = (id: string): string => `[data-testid="${id}"]`

/** Opens `path` on a made-up tablet; `before` sets the scene. */
export async function open(
  path: string,
  pretence: Partial<Pretence> = {},
  before: (backend: FakeBackend) => void = () => undefined,
): Promise<Stage> {
  const backend = fakeBackend(pretence)
  before(backend)
  const session = createSession(backend, () => 0)
  session.open(await backend.boot())
  const router = createPages(session, createMemoryHistory())
  await router.push(path)
  const page = mount(App, {
    attachTo: document.body,
    global: { plugins: [withBackend(backend), withSession(session), router] },
  })
  onTestFinished(() => {
    page.unmount()
    session.stop()
  })
  await settle()
  return {
    page,
    backend,
    router,
    async tap(id) {
      const target = page.get(by(id))
      if (target.element instanceof HTMLInputElement && target.element.type === 'radio') {
        await target.setValue(true)
      } else await target.trigger('click')
      await settle()
    },
    async type(id, words) {
      await page.get(by(id)).setValue(words)
      await settle()
    },
    async give(id, file) {
      const input = page.get(by(id))
      Object.defineProperty(input.element, 'files', { value: [file], configurable: true })
      await input.trigger('change')
      await settle()
    },
    words: (id) => page.get(by(id)).text(),
    has: (id) => page.find(by(id)).exists(),
  }
}
