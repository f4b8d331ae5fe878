import { beforeEach, expect, test, vi } from 'vitest'
import { open, PATIENCE } from '@/testing'

beforeEach(() => {
  // the page has no layout here: the list is 640 px high, a row 120 px
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(640)
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(120)
})

test('the day shows each order with its state, its next deadline and one action', async () => {
  const { words, page, has } = await open('/today')
  await vi.waitFor(() => expect(has('order-0419'), 'all rows are there').toBe(true), PATIENCE)
  expect(words('order-0398')).toContain('完工')
  expect(words('order-0405')).toContain('未完工 · 管道不通')
  expect(words('order-0412')).toContain('13:50–13:55 到门口，还有 33 分钟')
  expect(words('order-0419')).toContain('改约须在 13:30 前通知客户，还有 8 分钟')
  expect(
    page.find('[data-testid="order-0419"] .due').classes(),
    'ten minutes before a breach it turns red',
  ).toContain('breach')
  expect(words('order-0423')).toContain('工单写的 17:30，先打电话确认')
  expect(['0398', '0405', '0412', '0423'].map((no) => words(`act-${no}`))).toEqual([
    '查看',
    '再次上门',
    '出发',
    '联系客户',
  ])
  expect(words('today-counts')).toBe('今天 5 单：完工 1，未完工 1，待上门 3')
  expect(words('deliveries-pending')).toContain('1')
})

test('phone numbers are masked on Today', async () => {
  const { page } = await open('/today')
  expect(page.text()).not.toMatch(/1\d{10}/)
  expect(page.text()).toContain('138****1234')
})

test('a search without a hit says so, and clearing it brings the day back', async () => {
  const { type, words, tap, has } = await open('/today')
  await type('today-search', '1234')
  expect(has('order-0412'), 'found by the phone’s tail').toBe(true)
  expect(has('order-0419')).toBe(false)
  await type('today-search', '不存在')
  expect(words('today-empty')).toContain('没有找到「不存在」')
  await tap('clear-search')
  expect(has('order-0419')).toBe(true)
})

test('an empty tablet says how orders come', async () => {
  const { words, tap, router } = await open('/today', { orders: 0 })
  expect(words('today-empty')).toContain('还没有工单')
  await tap('empty-import')
  expect(router.currentRoute.value.name).toBe('import')
})

test('ten thousand orders keep only the rows in sight in the page', async () => {
  const { page, backend } = await open('/today', { orders: 10_000 })
  const asked = vi.spyOn(backend, 'today')
  expect(page.findAll('article').length).toBeGreaterThan(3)
  expect(page.findAll('article').length).toBeLessThan(20)
  const list = page.get('[data-testid="order-list"]')
  list.element.scrollTop = 120 * 5000
  await list.trigger('scroll')
  await vi.waitFor(
    () => expect(page.find('[data-index="5000"] article').exists()).toBe(true),
    PATIENCE,
  )
  expect(asked.mock.calls.every(([query]) => query.limit === 50)).toBe(true)
  expect(asked.mock.calls.length, 'only the pages in sight are read').toBeLessThan(5)
})

test('the sync chip says what is kept and that demo data never leaves', async () => {
  const real = await open('/today', { sync: 'alone' })
  await real.tap('sync-chip')
  expect(real.words('sync-facts')).toContain('126 条')
  expect(real.page.text()).toContain('都存在这台平板上，不会丢')
  const demo = await open('/today', { demo: true })
  expect(demo.words('sync-chip')).toContain('试用数据')
  await demo.tap('sync-chip')
  expect(demo.page.text()).toContain('永远不会上传')
})

test('one tap in the sun, one tap back', async () => {
  const { tap } = await open('/today')
  await tap('toggle-outdoor')
  expect(document.documentElement.dataset.theme).toBe('outdoor')
  await tap('toggle-outdoor')
  expect(document.documentElement.dataset.theme).toBe('light')
})

test('a failure to read the day is said in words', async () => {
  const stage = await open('/today')
  vi.spyOn(stage.backend, 'today').mockRejectedValue({ code: 'database_damaged', params: {} })
  await stage.type('today-search', '林')
  expect(stage.words('error-what')).toBe('数据文件有损坏')
  expect(stage.has('error-safe'), 'nothing false about being safe').toBe(false)
})

test('an order that went to a colleague is named, and opens', async () => {
  const { words, tap, router } = await open('/today', {}, ({ world }) => {
    const one = (no: string) => ({
      ...{ order: `order/${no}`, short_no: no, customer: '何女士', to: '李志强' },
    })
    world.gone = ['0419', '0501', '0502', '0503'].map(one)
    world.dispatched.set('order/0412', {
      ...{ what: 'reassigned', at: null, to: '李志强', reason: '', work: 'begun' },
    })
  })
  expect(words('gone-0419')).toContain('0419 何女士改派给李志强了，不用去')
  expect(words('dispatch-0412')).toContain('已改派')
  await tap('gone-0419')
  const opened = router.currentRoute.value.params.id ?? words('order-no')
  expect(String(opened)).toContain('0419')
})
