// The real pages over the made-up backend, for tests that tell a visit's story.
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { vi } from 'vitest'
import { RouterView, createMemoryHistory, type Router } from 'vue-router'
import { withBackend, type VisitView } from '@/backend'
import { fakeBackend, type FakeBackend, type Pretence } from '@/backend/fake'
import { createPages } from '@/router'
import { createSession, withSession, type Session } from '@/session'

/** A window with a visit in it. */
export interface Stage {
  page: VueWrapper
  backend: FakeBackend
  router: Router
  session: Session
  id: string
  /** The visit as the backend has it now. */
  view(): VisitView
  tap(testid: string): Promise<void>
  type(testid: string, text: string): Promise<void>
  has(testid: string): boolean
  text(testid: string): string
  go(path: string): Promise<void>
  files(testid: string, ...names: string[]): Promise<void>
}

/** Waits until lazily loaded pages and the backend's answers are there. */
export async function settle(): Promise<void> {
  await flushPromises()
  await vi.dynamicImportSettled()
  for (let i = 0; i < 8; i += 1) await flushPromises()
}

/** Opens the made-up 14:00 order's visit at `path` (`door`, `missing`, `handover`, …). */
export async function stage(
  path: string,
  play: (backend: FakeBackend, id: string) => Promise<void> = async () => undefined,
  pretence: Partial<Pretence> = {},
): Promise<Stage> {
  const backend = fakeBackend(pretence)
  const { visit: id } = await backend.openVisit('order/0412')
  await play(backend, id)
  const session = createSession(backend, () => 0)
  session.open(await backend.boot())
  const router = createPages(session, createMemoryHistory())
  const go = async (to: string): Promise<void> => {
    await router.push(`/visit/${id}/${to}`)
    await settle()
  }
  await router.push(`/visit/${id}/${path}`)
  const page = mount(RouterView, {
    attachTo: document.body,
    global: { plugins: [withBackend(backend), withSession(session), router] },
  })
  await settle()
  const find = (testid: string) => {
    const found = document.querySelector<HTMLElement>(`[data-testid="${testid}"]`)
    if (!found) throw new Error(`nothing is called ${testid}`)
    return found
  }
  return {
    page,
    backend,
    router,
    session,
    id,
    go,
    view: () => backend.world.visit(id),
    has: (testid) => document.querySelector(`[data-testid="${testid}"]`) !== null,
    text: (testid) => (find(testid).textContent ?? '').replace(/\s+/g, ' ').trim(),
    async tap(testid) {
      find(testid).click()
      await settle()
    },
    async type(testid, text) {
      const field = find(testid) as HTMLInputElement
      field.value = text
      field.dispatchEvent(new Event('input', { bubbles: true }))
      field.dispatchEvent(new Event('change', { bubbles: true }))
      await settle()
    },
    async files(testid, ...names) {
      const input = find(testid) as HTMLInputElement
      const list = names.map((name) => new File(['a picture'], name, { type: 'image/jpeg' }))
      Object.defineProperty(input, 'files', { value: list, configurable: true })
      input.dispatchEvent(new Event('change', { bubbles: true }))
      await settle()
    },
  }
}

/** Takes the window away again; the body is shared by all tests of a file. */
export function leave(on: Stage | null): void {
  on?.page.unmount()
  on?.session.stop()
  document.body.innerHTML = ''
}

/** Writes strokes on the pad, as a finger would. */
export async function write(strokes: [number, number][][]): Promise<void> {
  const pad = document.querySelector<HTMLCanvasElement>('[data-testid="sign-pad"]')
  if (!pad) throw new Error('there is no pad')
  pad.getBoundingClientRect = () => new DOMRect(0, 0, 700, 350)
  const send = (type: string, [clientX, clientY]: [number, number]) =>
    pad.dispatchEvent(
      new PointerEvent(type, { pointerId: 1, clientX, clientY, pressure: 0.6, bubbles: true }),
    )
  for (const [first, ...rest] of strokes) {
    if (!first) continue
    send('pointerdown', first)
    for (const point of rest) send('pointermove', point)
    send('pointerup', rest.at(-1) ?? first)
  }
  await settle()
}

/** A stroke long enough to be a signature. */
export const NAME: [number, number][][] = [
  [
    [50, 50],
    [90, 60],
    [140, 80],
    [200, 90],
  ],
  [
    [220, 40],
    [230, 90],
    [235, 160],
    [240, 220],
  ],
]

/** Drives the made-up visit until the technician stands inside. */
export async function inside(backend: FakeBackend, id: string): Promise<void> {
  for (const milestone of ['departed', 'downstairs', 'at_door'] as const)
    await backend.act(id, { do: 'reach', milestone, claim: null })
  await backend.act(id, { do: 'tick_phase', phase: 'depart' })
  await backend.act(id, { do: 'tick_phase', phase: 'door' })
  await backend.act(id, { do: 'reach', milestone: 'entered', claim: null })
}
