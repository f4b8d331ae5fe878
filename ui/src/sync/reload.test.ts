import { beforeEach, expect, test, vi } from 'vitest'
import { at, fakeBackend } from '@/backend/fake'
import { open, PATIENCE } from '@/testing'
import { visitSession } from '@/visit/useVisit'

beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(640)
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(120)
})

const finger = (type: string): boolean =>
  document.body.dispatchEvent(new PointerEvent(type, { pointerId: 9, bubbles: true }))

test('what the office sends stands on Today by itself, and the opened order stays opened', async () => {
  const { backend, words, has } = await open('/today')
  const opened = words('order-no')
  const [first] = backend.world.orders
  if (!first) throw new Error('the day is empty')
  const card = {
    ...first.card,
    stream: 'order/0499',
    short_no: '0499',
    promised_start: at('13:30'),
  }
  backend.world.orders.splice(2, 0, { ...first, card })
  backend.sync.tell({ streams: ['order/0499'] })
  await vi.waitFor(() => expect(has('order-0499')).toBe(true), PATIENCE)
  expect(backend.world.today({ search: null, offset: 0, limit: 5 }).next).toBe('order/0499')
  expect(words('order-no'), 'the pane does not change under the hand').toBe(opened)
})

test('nothing moves while a finger is on the page, nor while somebody types', async () => {
  const { backend, page, words } = await open('/today')
  const asked = vi.spyOn(backend, 'today')
  const order = backend.world.order('order/0423')
  const row = (): string => words('order-0423')
  finger('pointerdown')
  order.card.customer = '郑奶奶'
  backend.sync.tell({ streams: ['order/0423'] })
  await vi.waitFor(() => expect(asked).toHaveBeenCalled(), PATIENCE)
  await Promise.all(asked.mock.results.map((r) => r.value))
  expect(row(), 'it is known, and waits').toContain('郑女士')
  finger('pointerup')
  await vi.waitFor(() => expect(row()).toContain('郑奶奶'), PATIENCE)

  const note = document.createElement('textarea')
  page.element.append(note)
  note.focus()
  asked.mockClear()
  order.card.customer = '郑阿姨'
  backend.sync.tell({ streams: ['order/0423'] })
  await vi.waitFor(() => expect(asked).toHaveBeenCalled(), PATIENCE)
  await Promise.all(asked.mock.results.map((r) => r.value))
  expect(row()).toContain('郑奶奶')
  note.blur()
  await vi.waitFor(() => expect(row()).toContain('郑阿姨'), PATIENCE)
})

test('an open sheet is not pulled away: what came is shown when it is closed', async () => {
  const { backend, tap, page, words } = await open('/order/order/0412')
  const asked = vi.spyOn(backend, 'orderDetail')
  await tap('change-time')
  asked.mockClear()
  backend.world.order('order/0412').card.note = '改从北门进'
  backend.sync.tell({ streams: ['order/0412'] })
  await vi.waitFor(() => expect(asked).toHaveBeenCalled(), PATIENCE)
  await Promise.all(asked.mock.results.map((r) => r.value))
  expect(page.get('[data-testid="order-pane"]').text()).not.toContain('改从北门进')
  await tap('sheet-close')
  await vi.waitFor(() => expect(words('order-pane')).toContain('改从北门进'), PATIENCE)
})

test('news about others read nothing again', async () => {
  const { backend } = await open('/order/order/0412')
  const asked = vi.spyOn(backend, 'orderDetail')
  backend.sync.tell({ streams: ['order/0405', 'review/unknown'] })
  backend.sync.tell({ streams: [] })
  expect(asked).not.toHaveBeenCalled()
})

test('the order’s pane says which parts the server has, opens to a list, and follows the upload', async () => {
  const { backend, tap, words, has } = await open('/order/order/0398')
  expect(words('parts-open')).toContain('都存在平板上，还没传完')
  expect(words('parts-open')).toContain('记录收到 40/62 条')
  expect(has('parts-list')).toBe(false)
  await tap('parts-open')
  expect(words('parts-list')).toContain('签字')
  expect(words('parts-list')).toContain('存在平板上，待传')
  backend.sync.become('sent')
  await vi.waitFor(() => expect(words('parts-open')).toContain('服务器都收到了'), PATIENCE)
  expect(words('parts-list')).not.toContain('待传')
})

test('a profile without an office has no parts line', async () => {
  const { has } = await open('/order/order/0398', { sync: 'alone' })
  expect(has('parts')).toBe(false)
})

test('what was read before a tap is dropped when it comes after it', async () => {
  const backend = fakeBackend()
  const { visit: id } = await backend.openVisit('order/0412')
  const session = visitSession(backend, id)
  await session.load()
  const gate: { open?: () => void } = {}
  const reading = session.load(() => new Promise((resolve) => (gate.open = resolve)))
  await vi.waitFor(() => expect(gate.open, 'it waits to be shown').toBeDefined(), PATIENCE)
  await session.act({ do: 'reach', milestone: 'departed', claim: null })
  gate.open?.()
  await reading
  expect(session.view.value?.milestones.map((m) => m.milestone)).toEqual(['departed'])
})

test('a background reading that fails says nothing and changes nothing', async () => {
  const { backend, words, has } = await open('/order/order/0412')
  const failing = vi
    .spyOn(backend, 'orderDetail')
    .mockRejectedValue({ code: 'storage', params: {} })
  backend.sync.tell({ streams: ['order/0412'] })
  await vi.waitFor(() => expect(failing).toHaveBeenCalled(), PATIENCE)
  await Promise.allSettled(failing.mock.results.map((r) => r.value))
  expect(has('error-notice')).toBe(false)
  expect(words('order-no')).toContain('0412')
})

test('news shown on the visit offer no tap to take back', async () => {
  const { backend, tap, has, router, page } = await open('/settings')
  const { visit } = await backend.openVisit('order/0412')
  await backend.act(visit, {
    do: 'answer',
    item: { item: 'dressed', answer: { type: 'tick' } },
    claim: null,
  })
  await router.push({ name: 'visit', params: { id: visit, phase: 'depart' } })
  await vi.waitFor(() => expect(has('tick-dressed')).toBe(true), PATIENCE)
  backend.world.visit(visit).order.cancelled = '客户退订'
  backend.sync.tell({ streams: ['order/0412'] })
  await vi.waitFor(() => expect(page.text()).toContain('客户退订'), PATIENCE)
  expect(has('undo')).toBe(false)
  await tap('tick-dressed')
  expect(has('undo'), 'a real tap does').toBe(true)
})
