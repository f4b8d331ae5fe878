import { afterEach, expect, test, vi } from 'vitest'
import { SENT_BACK } from '@/backend/fake/review'
import { open, PATIENCE, type Stage } from '@/testing'
import { NAME, write } from '@/visit/testing'

// drawing needs a real canvas; the pages are looked at in the window
vi.mock('@/visit/ticket/pdf', () => ({
  openTicket: async () => ({ pages: 2, draw: async () => undefined, close: () => undefined }),
}))
afterEach(() => vi.restoreAllMocks())

const ORDER = 'order/0398'

/** The morning's order came back. */
const sentBack = (path = '/today') =>
  open(path, {}, ({ world }) => void world.review(ORDER, 'returned', SENT_BACK, '其他都好'))

const visitOf = ({ backend }: Stage) => {
  const visit = backend.world.newest(ORDER)
  if (!visit) throw new Error('the morning was not played')
  return visit
}

test('Today says that it came back, and one tap leads to the first thing to mend', async () => {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(640)
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(120)
  const stage = await sentBack()
  expect(stage.words('state-0398')).toBe('退回补资料')
  expect(stage.words('order-0398')).toContain('班组长退回，补好再提交')
  expect(stage.words('act-0398')).toBe('补资料')
  await stage.tap('order-0398')
  await vi.waitFor(() => expect(stage.words('order-no')).toContain('0398'), PATIENCE)
  await stage.tap('order-primary')
  await vi.waitFor(
    () => expect(stage.router.currentRoute.value.params.phase).toBe('work'),
    PATIENCE,
  )
  expect(stage.router.currentRoute.value.query.item).toBe('cabling')
})

test('the order’s pane shows who sent it back and why, each row one tap away from its item', async () => {
  const stage = await sentBack(`/order/${ORDER}`)
  const { words, tap, router } = stage
  expect(words('review')).toContain('方敏 · 13:22')
  expect(words('review')).toContain('其他都好')
  expect(words('review-reason-1')).toContain('照片糊了，看不清走线')
  expect(words('review-reason-2')).toContain('标签上的序列号和登记的不一样')
  expect(words('review')).toContain('补资料不用打扰客户')
  expect(words('order-primary')).toBe('去补资料')
  await tap('review-reason-2')
  await vi.waitFor(
    () =>
      expect(router.currentRoute.value).toMatchObject({
        name: 'visit',
        query: { item: 'devices' },
      }),
    PATIENCE,
  )
})

test('a photo is added, the technician signs, and it is submitted again: the customer is not asked', async () => {
  const stage = await sentBack('/settings')
  const visit = visitOf(stage)
  const { tap, give, words, has, router, backend } = stage
  await router.push({ name: 'visit', params: { id: visit.visit, phase: 'work' } })
  await vi.waitFor(() => expect(has('review')).toBe(true), PATIENCE)
  expect(words('returned-cabling'), 'the reason stands at the row').toBe('照片糊了，看不清走线')
  const asked = visit.customer_signature?.at
  backend.world.now = { ...backend.world.now, ms: backend.world.now.ms + 60_000 }
  await give('photo-cabling', new File(['sharp'], 'b.jpg', { type: 'image/jpeg' }))
  expect(words('review-reason-1')).toContain('13:23 补过')
  expect(words('returned-cabling')).toContain('13:23 补过')
  expect(words('review-reason-2'), 'the other one is still open').toContain('去补')
  expect(words('review-reason-2')).not.toContain('补过')

  await tap('phase-next')
  await vi.waitFor(() => expect(words('missing-title')).toBe('还差 1 项就能提交'), PATIENCE)
  expect(has('unfinished'), 'its outcome stands').toBe(false)
  await tap('missing-first')
  await write(NAME)
  await tap('technician-confirm')
  await tap('submit')
  await vi.waitFor(() => expect(router.currentRoute.value.name).toBe('ticket'), PATIENCE)
  expect(visit.submissions.map((s) => s.n)).toEqual([1, 2])
  expect(visit.customer_signature?.at).toEqual(asked)
  expect(has('review'), 'nobody judged the new one yet').toBe(false)
})

test('what the customer signed is changed: they are asked again before it goes', async () => {
  const stage = await sentBack('/settings')
  const visit = visitOf(stage)
  const { words, has, router, backend } = stage
  const device = visit.devices[0]
  if (!device || device.row.list !== 'devices') throw new Error('no device was put in')
  await backend.act(visit.visit, {
    do: 'put_row',
    row_id: device.row_id,
    row: { ...device.row, sn: 'HG8145-23F7' },
  })
  await router.push({ name: 'missing', params: { id: visit.visit } })
  await vi.waitFor(() => expect(has('review')).toBe(true), PATIENCE)
  expect(words('review')).toContain('改到了客户签过的内容，提交前请客户看过再签一次')
  expect(words('missing-title')).toBe('还差 2 项就能提交')
})

test('通过 and 返工上门 have their words, and a rework is a new visit', async () => {
  const { backend, words, tap, has } = await open(`/order/${ORDER}`)
  expect(has('review')).toBe(false)
  const visit = backend.world.review(ORDER, 'approved')
  backend.sync.tell({ streams: [visit.visit.replace('visit-', 'review/visit-')] })
  await vi.waitFor(() => expect(words('review')).toContain('班组长审核通过'), PATIENCE)
  backend.world.review(ORDER, 'rework', [{ item: null, title: '整单', reason: '皮线没有固定' }])
  backend.sync.tell({ streams: [ORDER] })
  await vi.waitFor(() => expect(words('review')).toContain('要返工上门'), PATIENCE)
  expect(words('review')).toContain('皮线没有固定')
  expect(words('order-primary')).toBe('再次上门')
  await tap('order-primary')
  expect(backend.world.visits.filter((v) => v.order.stream === ORDER)).toHaveLength(2)
})

test('what was approved can be looked at and not changed', async () => {
  const stage = await open('/settings', {}, ({ world }) => void world.review(ORDER, 'approved'))
  const { router, has, page } = stage
  await router.push({ name: 'visit', params: { id: visitOf(stage).visit, phase: 'work' } })
  await vi.waitFor(() => expect(has('review')).toBe(true), PATIENCE)
  expect(page.findAll('button[data-testid^="review-reason"]')).toHaveLength(0)
  expect(has('photo-cabling')).toBe(false)
  expect(page.get('[data-testid="phase-next"]').attributes('data-does')).toBe('ticket')
})

test('what cannot be mended is said with a reason, and goes with the next submission', async () => {
  const stage = await sentBack('/settings')
  const visit = visitOf(stage)
  const { tap, words, has, router, page } = stage
  await router.push({ name: 'missing', params: { id: visit.visit } })
  await vi.waitFor(() => expect(has('cannot-mend')).toBe(true), PATIENCE)
  await tap('missing-first')
  await write(NAME)
  await tap('technician-confirm')
  await tap('submit')
  expect(words('error-what'), 'nothing was done about it').toBe('退回以后什么都还没改')
  await tap('error-close')
  await tap('cannot-mend')
  await tap('reason-removed')
  await tap('reason-confirm')
  expect(words('cannot-said')).toBe('已写明无法补救：设备已经拆走')
  await tap('submit')
  await vi.waitFor(() => expect(router.currentRoute.value.name).toBe('ticket'), PATIENCE)
  expect(visit.submissions.at(-1)?.cannot_mend).toBe('设备已经拆走')
  expect(page.text()).toContain('无法补救：设备已经拆走')
})

test('a blurry photo that was taken away is still one tap from its row, and counts once there is a new one', async () => {
  const stage = await open('/settings')
  const visit = visitOf(stage)
  const { backend, router, words, has, give } = stage
  const photo = visit.phases.flatMap((p) => p.items).find((i) => i.id === 'cabling')?.photos[0]
  const item = photo?.id ?? ''
  backend.world.review(ORDER, 'returned', [{ item, title: '走线（照片）', reason: '照片糊了' }])
  await router.push({ name: 'visit', params: { id: visit.visit, phase: 'work' } })
  await vi.waitFor(() => expect(words('returned-cabling')).toBe('照片糊了'), PATIENCE)
  await backend.act(visit.visit, { do: 'remove_photo', photo: item })
  backend.sync.tell({ streams: [visit.visit] })
  await vi.waitFor(() => expect(has(`thumb-${item}`)).toBe(false), PATIENCE)
  expect(words('review-reason-1')).toContain('去补')
  backend.world.now = { ...backend.world.now, ms: backend.world.now.ms + 60_000 }
  await give('photo-cabling', new File(['sharp'], 'b.jpg', { type: 'image/jpeg' }))
  expect(words('review-reason-1')).toContain('13:23 补过')
})
