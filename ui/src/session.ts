// Who works here, in which language, theme and size, and what time it is. Everything else lives in SQLite.
import {
  inject,
  ref,
  shallowRef,
  type App,
  type InjectionKey,
  type Ref,
  type ShallowRef,
} from 'vue'
import type { Backend, Boot, FirstScreen, Moment, Settings } from '@/backend'
import { lang } from '@/i18n'
import { watchSync, type SyncWatch } from '@/sync/news'

const TICK_MS = 5_000

/** The session of the window. */
export interface Session {
  /** Null until the Rust side answered. */
  boot: ShallowRef<Boot | null>
  /** The device's time in the device's zone, moved on every few seconds. */
  now: Ref<Moment>
  /** How far the upload is, and what came from the server. */
  sync: SyncWatch
  /** The office had this tablet wiped: the first page says so. */
  wiped: Ref<boolean>
  /** What Today shows first, for whoever asks first: after that it may be old. */
  takeFirst(): FirstScreen | null
  /** Takes what the Rust side said about where the app stands. */
  open(boot: Boot): void
  /** Saves changed settings, then shows them. */
  save(change: Partial<Settings>): Promise<void>
  /** Stops the clock and listens no longer. */
  stop(): void
}

const key: InjectionKey<Session> = Symbol('session')

/** Shows language, theme and size on the page. */
function show(settings: Settings): void {
  const root = document.documentElement
  lang.value = settings.lang
  root.lang = settings.lang === 'zh' ? 'zh-CN' : 'en'
  root.dataset.theme = settings.theme
  root.style.setProperty('--ds-scale', String(settings.scale / 100))
}

/** A session over `backend`; `elapsed` counts milliseconds since any fixed point. */
export function createSession(
  backend: Backend,
  elapsed: () => number = () => performance.now(),
): Session {
  const boot = shallowRef<Boot | null>(null)
  const now = ref<Moment>({ ms: 0, offset_min: 0 })
  const sync = watchSync(backend)
  const wiped = ref(false)
  let since = 0
  let first: FirstScreen | null = null
  let saving: Promise<void> = Promise.resolve()

  function move(): void {
    const start = boot.value?.now
    if (start) now.value = { ...start, ms: start.ms + Math.round(elapsed() - since) }
  }
  const timer = setInterval(move, TICK_MS)

  function open(next: Boot): void {
    boot.value = next
    first = next.first
    since = elapsed()
    move()
    show(next.settings)
  }

  function takeFirst(): FirstScreen | null {
    const taken = first
    first = null
    return taken
  }

  async function write(change: Partial<Settings>): Promise<void> {
    if (!boot.value) return
    const wanted = { ...boot.value.settings, ...change }
    // before the first start nothing can keep it: it is shown, and saved with the profile
    const settings = boot.value.state === 'ready' ? await backend.saveSettings(wanted) : wanted
    boot.value = { ...boot.value, settings }
    show(settings)
  }

  /** One after the other: the second of two quick taps begins with what the first has saved. */
  function save(change: Partial<Settings>): Promise<void> {
    const mine = saving.then(() => write(change))
    saving = mine.catch(() => undefined)
    return mine
  }

  function stop(): void {
    clearInterval(timer)
    sync.stop()
  }

  return { boot, now, sync, wiped, takeFirst, open, save, stop }
}

/** Plugin: `app.use(withSession(session))`. */
export function withSession(session: Session): { install(app: App): void } {
  return { install: (app) => app.provide(key, session) }
}

/** The session of this window. */
export function useSession(): Session {
  const session = inject(key)
  if (!session) throw new Error('no session was provided')
  return session
}
