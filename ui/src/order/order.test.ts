import { expect, test, vi } from 'vitest'
import { at } from '@/backend/fake'
import { open, PATIENCE, type Stage } from '@/testing'

const step = ({ page }: Stage): string | undefined =>
  page.find('[data-testid="order-primary"]').attributes('data-step')

test('from the call over the agreed time to setting out, with one blue button all the way', async () => {
  const stage = await open('/order/order/0423')
  const { tap, type, words, backend, has } = stage
  expect(step(stage)).toBe('contact')
  expect(stage.page.text()).toContain('135****0423')

  await tap('order-primary')
  expect(words('phone-number')).toBe('135 0001 0423')
  expect(backend.world.looks, 'the look at the number is logged').toEqual(['order/0423'])
  await tap('call-result-answered')
  await type('call-note', '晚点也行')
  await tap('call-log')

  expect(has('slot-time'), 'who just spoke to the customer settles the time').toBe(true)
  await tap('slot-hour-18')
  await tap('slot-minute-15')
  await tap('slot-length-60')
  await tap('agree-by-customer')
  await tap('agree-save')

  const visit = backend.world.newest('order/0423')
  expect(visit?.calls[0]?.call).toEqual({
    purpose: 'appointment',
    result: 'answered',
    note: '晚点也行',
  })
  expect(visit?.appointment).toMatchObject({
    start: at('18:15'),
    end: at('19:15'),
    proposed_by: 'customer',
  })
  expect(words('order-time')).toBe('18:15–19:15')

  expect(step(stage), 'the kit was checked in the morning').toBe('depart')
  await tap('order-primary')
  expect(backend.world.newest('order/0423')?.milestones.map((m) => m.milestone)).toEqual([
    'departed',
  ])
  expect(step(stage)).toBe('arrive')
})

test('an unanswered call stays the next thing to do', async () => {
  const stage = await open('/order/order/0423')
  await stage.tap('order-primary')
  await stage.tap('call-result-no_answer')
  await stage.tap('call-log')
  expect(step(stage)).toBe('contact')
  expect(stage.page.text()).toContain('13:22 无人接听')
})

test('the alternate contact stands beside the number', async () => {
  const { tap, words } = await open('/order/order/0412')
  await tap('call-customer')
  expect(words('phone-alternate')).toContain('邻居陈阿姨')
})

test('what was used up is asked again, and leaving without it needs a reason', async () => {
  const stage = await open('/order/order/0412')
  const { tap, words, backend, page, router } = stage
  backend.world.useUp('shoe-covers')
  await router.push('/order/order/0419')
  await vi.waitFor(() => expect(step(stage)).toBe('kit'), PATIENCE)
  await tap('order-primary')
  expect(page.text()).toContain('上一单用掉了')
  expect(words('kit-save')).toContain('5 样都带齐了')
  await tap('kit-member-shoe-covers')
  expect(words('kit-save')).toContain('缺 1 样')
  expect(page.get('[data-testid="kit-save"]').attributes('disabled'), 'no reason yet').toBeDefined()
  await tap('kit-reason-stock')
  await tap('kit-save')
  expect(backend.world.kits[0]).toMatchObject({ reason: '班组没有货', settled: true })
  expect(words('kit-five-ones')).toContain('缺：一双鞋套')
  expect(step(stage)).toBe('depart')
})

test('a change shows its deadline, and after it the breach as a fact', async () => {
  const { tap, type, words, page, backend } = await open('/order/order/0419')
  expect(words('change-deadline')).toContain('还有 8 分钟')
  await tap('change-time')
  expect(words('notice-deadline')).toBe('改约须在 13:30 前通知客户，还有 8 分钟')
  await type('agree-told', '1345')
  expect(words('notice-deadline')).toContain('比 13:30 的时限晚 15 分钟')
  expect(
    page.get('[data-testid="agree-save"]').attributes('disabled'),
    'no reason yet',
  ).toBeDefined()
  await type('agree-told', '1320')
  await tap('reason-material')
  expect(
    page.get<HTMLInputElement>('[data-testid="agree-cause-ours"]').element.checked,
    '缺料 is our cause',
  ).toBe(true)
  await tap('agree-by-technician')
  await tap('slot-hour-17')
  await tap('agree-save')
  expect(backend.world.newest('order/0419')?.appointment).toMatchObject({
    start: at('17:30'),
    change: { reason: '缺料', cause: 'ours', was: at('15:30'), notified_at: at('13:20') },
  })
})

test('words instead of a chip are a reason too', async () => {
  const { tap, type, page } = await open('/order/order/0419')
  await tap('change-time')
  await tap('reason-weather')
  await type('reason-words', '路封了')
  expect(page.get<HTMLInputElement>('[data-testid="reason-weather"]').element.checked).toBe(false)
})

test('a refused step says what happened, that nothing is lost, and what to do', async () => {
  const { tap, words, backend } = await open('/order/order/0412')
  vi.spyOn(backend, 'act').mockRejectedValue({ code: 'disk_full', params: {} })
  await tap('order-primary')
  expect(words('error-what')).toBe('平板存满了，刚才这一下没有存上')
  expect(words('error-safe')).toBe('已经记下的都在')
  expect(words('error-todo')).toContain('再点一次')
  expect(words('order-primary'), 'the step is not shown as done').toBe('出发')
})

test('what is not a refusal is our own defect', async () => {
  const { tap, page, backend } = await open('/order/order/0412')
  vi.spyOn(backend, 'act').mockRejectedValue(new Error('boom'))
  await tap('order-primary')
  expect(page.get('[data-testid="error-notice"]').attributes('data-code')).toBe('internal')
})

test('an unfinished order is visited again as a new visit', async () => {
  const { tap, backend } = await open('/order/order/0405')
  await tap('order-primary')
  expect(backend.world.visits.filter((v) => v.order.short_no === '0405')).toHaveLength(2)
})

test('a temporary order is written down and stands on Today', async () => {
  const { tap, type, page, backend, router } = await open('/new-order')
  expect(page.get('[data-testid="new-save"]').attributes('disabled')).toBeDefined()
  await type('new-customer', '褚女士')
  await type('new-phone', '13300001111')
  await type('new-address', '文晖路 77 号')
  await type('new-service', '宽带修障')
  await tap('new-job-repair')
  await tap('new-standard-cmcc-broadband')
  await tap('slot-hour-16')
  await tap('new-save')
  expect(router.currentRoute.value.name).toBe('today')
  expect(backend.world.orders.at(-1)?.card).toMatchObject({
    customer: '褚女士',
    job: 'repair',
    temporary: true,
  })
})

test('an order that went to a colleague says so, and what becomes of the visit', async () => {
  const news = { at: at('12:40'), to: '李志强', reason: '' }
  const stage = await open('/order/order/0412', {}, ({ world }) => {
    world.dispatched.set('order/0412', { what: 'reassigned', work: 'begun', ...news })
  })
  expect(stage.words('order-dispatch')).toContain('这张工单改派给李志强了')
  expect(stage.words('order-dispatch')).toContain('12:40 派单改的')
  expect(stage.words('order-dispatch')).toContain('都留着，会传给公司')
})

test('a cancelled order says why, and that nobody need go', async () => {
  const news = { at: at('12:40'), to: null, reason: '客户改了主意' }
  const stage = await open('/order/order/0419', {}, ({ world }) => {
    world.dispatched.set('order/0419', { what: 'cancelled', work: 'none', ...news })
  })
  expect(stage.words('order-dispatch')).toContain('派单取消了这张工单')
  expect(stage.words('order-dispatch')).toContain('原因：客户改了主意')
  expect(stage.words('order-dispatch')).toContain('不用去了')
})

test('who agrees a time reads the hours of service before', async () => {
  const hours = { from: '09:00', to: '18:00', outside: false }
  const { tap, words, has } = await open('/order/order/0419', {}, ({ world }) => {
    world.open('order/0419').service_hours = { ...hours, weekdays_only: true }
  })
  await tap('change-time')
  expect(words('agree-hours')).toBe('服务时间周一到周五 09:00–18:00；以外的时间，要客户自己提出')
  await tap('sheet-close')
  const other = await open('/order/order/0419')
  await other.tap('change-time')
  expect(other.has('agree-hours'), 'a standard without hours says none').toBe(false)
  expect(has('sheet')).toBe(false)
})
