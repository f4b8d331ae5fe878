import { inject, provide, ref, shallowRef, type InjectionKey, type Ref, type ShallowRef } from 'vue'
import type {
  Answer,
  Backend,
  Claim,
  Command,
  ConsentRequest,
  KitView,
  PhotoTarget,
  Refusal,
  SignRequest,
  Strokes,
  VisitView,
} from '@/backend'
import { refusalOf } from '@/backend'
import { pictures, type Pictures } from './pictures'

/** One open visit and everything its screens may ask for. SQLite is the truth: each call brings the new view. */
export interface VisitSession {
  /** Null until loaded. */
  view: ShallowRef<VisitView | null>
  /** The last "no"; shown until dismissed. */
  refusal: ShallowRef<Refusal | null>
  /** Photos being taken in, by target name. */
  taking: Ref<ReadonlySet<string>>
  pictures: Pictures
  backend: Backend
  /** Reads the visit again, and shows it once `ready` lets it. */
  load(ready?: () => Promise<void>): Promise<boolean>
  act(command: Command): Promise<boolean>
  /** 补录 chosen for a row whose answer is still to come, by item. */
  claims: Ref<Readonly<Record<string, Claim>>>
  /** Answers an item, with the claim chosen for it before. */
  answer(item: string, answer: Answer): Promise<boolean>
  customerSign(request: SignRequest): Promise<boolean>
  consentSign(request: ConsentRequest): Promise<boolean>
  technicianSign(strokes: Strokes): Promise<boolean>
  endHandover(pin: string): Promise<boolean>
  /** Answers the kits of the day they were checked on; null when that was refused. */
  checkKit(
    kit: KitView,
    missing: string[],
    reason: string | null,
    claim: Claim | null,
  ): Promise<KitView[] | null>
  addPhotos(target: PhotoTarget, files: File[]): Promise<boolean>
  /** Goes on under another version of the standard, by the hash of what was shown. */
  movePack(hash: string): Promise<boolean>
  /** Runs any other call and turns its rejection into the refusal shown. */
  ask<T>(call: () => Promise<T>): Promise<T | null>
}

const KEY: InjectionKey<VisitSession> = Symbol('visit')

/** The name under which a target's photos are being taken in. */
export function targetName(target: PhotoTarget): string {
  if (target.to === 'item') return `item:${target.item}`
  return target.to === 'row' ? `row:${target.row}` : target.to
}

/** Opens a session on a visit. */
export function visitSession(backend: Backend, visit: string): VisitSession {
  const view = shallowRef<VisitView | null>(null)
  const refusal = shallowRef<Refusal | null>(null)
  const taking = ref<ReadonlySet<string>>(new Set())
  const claims = shallowRef<Readonly<Record<string, Claim>>>({})

  async function ask<T>(call: () => Promise<T>): Promise<T | null> {
    try {
      const answer = await call()
      refusal.value = null
      return answer
    } catch (error) {
      refusal.value = refusalOf(error)
      return null
    }
  }

  /** Every mutation returns the new view, which replaces the old one. */
  async function change(call: () => Promise<VisitView>): Promise<boolean> {
    asked += 1
    const next = await ask(call)
    if (next) view.value = next
    return next !== null
  }

  // what was read before something was written is old when it comes
  let asked = 0
  async function load(ready?: () => Promise<void>): Promise<boolean> {
    if (!ready) return change(() => backend.visit(visit))
    const mine = asked
    // nobody asked for this one: a failure is told by the next tap
    const next = await backend.visit(visit).catch(() => null)
    await ready()
    if (next && mine === asked) view.value = next
    return next !== null
  }

  async function addPhotos(target: PhotoTarget, files: File[]): Promise<boolean> {
    const name = targetName(target)
    taking.value = new Set([...taking.value, name])
    let all = true
    try {
      // one after the other: each is safe on the tablet before the next begins
      for (const file of files) {
        const bytes = new Uint8Array(await file.arrayBuffer())
        all = (await change(() => backend.addPhoto(visit, target, bytes))) && all
        if (!all) break
      }
    } finally {
      taking.value = new Set([...taking.value].filter((t) => t !== name))
    }
    return all
  }

  async function answer(item: string, given: Answer): Promise<boolean> {
    const claim = claims.value[item] ?? null
    const command: Command = { do: 'answer', item: { item, answer: given }, claim }
    const done = await change(() => backend.act(visit, command))
    if (done && claim) {
      claims.value = Object.fromEntries(Object.entries(claims.value).filter(([id]) => id !== item))
    }
    return done
  }

  async function checkKit(
    kit: KitView,
    missing: string[],
    reason: string | null,
    claim: Claim | null,
  ): Promise<KitView[] | null> {
    const checked = await ask(() => backend.checkKit(kit, missing, reason, claim))
    if (checked) await load()
    return checked
  }

  return {
    view,
    refusal,
    claims,
    checkKit,
    answer,
    taking,
    backend,
    pictures: pictures((sha256) => backend.photo(visit, sha256)),
    ask,
    addPhotos,
    load,
    act: (command) => change(() => backend.act(visit, command)),
    customerSign: (request) => change(() => backend.customerSign(visit, request)),
    consentSign: (request) => change(() => backend.consentSign(visit, request)),
    technicianSign: (strokes) => change(() => backend.technicianSign(visit, strokes)),
    movePack: (hash) => change(() => backend.movePack(visit, hash)),
    endHandover: (pin) => change(() => backend.endHandover(visit, pin)),
  }
}

/** Hands a session to everything below. */
export function provideVisit(session: VisitSession): VisitSession {
  provide(KEY, session)
  return session
}

/** The session of the page this component stands on. */
export function useVisit(): VisitSession {
  const session = inject(KEY)
  if (!session) throw new Error('no visit is provided')
  return session
}
