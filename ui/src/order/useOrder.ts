// One order before and around its visit: call, agree a time, check the kit, set out.
import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import {
  refusalOf,
  type Backend,
  type Call,
  type Claim,
  type Command,
  type KitView,
  type OrderDetail,
  type Refusal,
  type VisitView,
} from '@/backend'

/** The one thing to do next. */
export type Step =
  'contact' | 'agree' | 'kit' | 'depart' | 'arrive' | 'continue' | 'mend' | 'revisit' | 'look'
/** The sheet that is open. */
export type Sheet = 'call' | 'agree' | 'change' | 'kit' | null

/** What the pane of an order works with. */
export interface OrderWork {
  detail: ShallowRef<OrderDetail | null>
  /** The visit, once something needed it. */
  visit: ShallowRef<VisitView | null>
  /** The newest visit when it was submitted, with the team lead's verdict on it. */
  submitted: ShallowRef<VisitView | null>
  refusal: ShallowRef<Refusal | null>
  sheet: Ref<Sheet>
  step: ComputedRef<Step | null>
  /** Reads the order again, and shows it once `ready` lets it. */
  load(ready?: () => Promise<void>): Promise<void>
  /** Opens a sheet, and the visit when the sheet writes to it. */
  open(sheet: Exclude<Sheet, null>): Promise<void>
  logCall(call: Call): Promise<void>
  agree(command: Command): Promise<void>
  /** The kits being checked: today's, or those of the day that a 补录 names. */
  kits: ComputedRef<readonly KitView[]>
  checkKit(
    kit: KitView,
    missing: string[],
    reason: string | null,
    claim: Claim | null,
  ): Promise<void>
  depart(): Promise<boolean>
  /** Opens the visit; null when that was refused. */
  enter(): Promise<VisitView | null>
}

/** The one thing to do next of an order. */
export function stepOf(detail: OrderDetail): Step | null {
  const { row, kits, last_call } = detail
  if (row.state === 'cancelled') return null
  if (row.state === 'returned_for_mending') return 'mend'
  switch (row.action) {
    case 'contact':
      return last_call?.[0].result === 'answered' ? 'agree' : 'contact'
    case 'depart':
      return kits.every((k) => k.settled) ? 'depart' : 'kit'
    case 'look':
      return detail.visit ? 'look' : null
    default:
      return row.action
  }
}

/** Opens the work on an order; `changed` is told after each write, `known` is what need not be read. */
export function workOnOrder(
  backend: Backend,
  order: string,
  changed: () => void,
  known: OrderDetail | null = null,
): OrderWork {
  const detail = shallowRef<OrderDetail | null>(known)
  const visit = shallowRef<VisitView | null>(null)
  const submitted = shallowRef<VisitView | null>(null)
  const refusal = shallowRef<Refusal | null>(null)
  const sheet = ref<Sheet>(null)
  const step = computed(() => {
    const next = detail.value ? stepOf(detail.value) : null
    // an order that went back to the customer's door is gone to again
    const rework = submitted.value?.review?.verdict === 'rework'
    return next === 'look' && rework ? 'revisit' : next
  })

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

  // answers to an older question are dropped
  let question = 0

  /** The order, with its newest visit when that was submitted: there may be a verdict on it. */
  async function read(): Promise<[OrderDetail, VisitView | null]> {
    const found = await backend.orderDetail(order)
    const { visit: id, row } = found
    return [found, id && row.submitted_at ? await backend.visit(id) : null]
  }

  async function load(ready?: () => Promise<void>): Promise<void> {
    question += 1
    const mine = question
    // what nobody asked for fails without a word: the next tap tells
    const found = await (ready ? read().catch(() => null) : ask(read))
    await ready?.()
    if (!found || mine !== question) return
    ;[detail.value, submitted.value] = found
  }

  async function enter(): Promise<VisitView | null> {
    const view = await ask(() => backend.openVisit(order))
    if (view) visit.value = view
    return view
  }

  async function wrote(): Promise<void> {
    await load()
    changed()
  }

  async function act(command: Command): Promise<boolean> {
    const open = visit.value ?? (await enter())
    if (!open) return false
    const view = await ask(() => backend.act(open.visit, command))
    if (!view) return false
    visit.value = view
    await wrote()
    return true
  }

  const claimed = shallowRef<KitView[] | null>(null)
  const kits = computed(() => claimed.value ?? detail.value?.kits ?? [])

  async function open(next: Exclude<Sheet, null>): Promise<void> {
    claimed.value = null
    if ((next === 'agree' || next === 'change') && !(await enter())) return
    sheet.value = next
  }

  async function logCall(call: Call): Promise<void> {
    if (!(await act({ do: 'log_call', call }))) return
    sheet.value = null
    // who just spoke to the customer settles the time in the same breath
    if (call.result !== 'answered') return
    if (call.purpose === 'appointment' && step.value === 'agree') await open('agree')
    if (call.purpose === 'change') await open('change')
  }

  async function agree(command: Command): Promise<void> {
    if (await act(command)) sheet.value = null
  }

  async function checkKit(
    kit: KitView,
    missing: string[],
    reason: string | null,
    claim: Claim | null,
  ): Promise<void> {
    const checked = await ask(() => backend.checkKit(kit, missing, reason, claim))
    if (!checked) return
    claimed.value = claim ? checked : null
    await wrote()
    if (checked.every((k) => k.settled)) sheet.value = null
  }

  const depart = (): Promise<boolean> => act({ do: 'reach', milestone: 'departed', claim: null })

  return {
    detail,
    visit,
    submitted,
    refusal,
    sheet,
    step,
    kits,
    load,
    open,
    logCall,
    agree,
    checkKit,
    depart,
    enter,
  }
}
