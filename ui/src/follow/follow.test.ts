import { expect, test } from 'vitest'
import { at } from '@/backend/fake'
import type { FakeBackend } from '@/backend/fake'
import { open } from '@/testing'

const filled = (backend: FakeBackend): void => backend.follow.fill()

test('an issue whose day is over shows the breach with its clause, and the next thing to do', async () => {
  const { words, tap, router } = await open('/today', {}, filled)
  await tap('open-follow')
  expect(router.currentRoute.value.name).toBe('follow')
  expect(words('issue/1')).toContain('装完第二天就断网')
  expect(words('issue/1')).toContain('陈先生 139****5678')
  expect(words('issue-breach')).toContain('24 小时没告诉客户进度')
  expect(words('issue-breach')).toContain('S54-06')
  expect(words('issue-open')).toBe('告诉客户进度')
  expect(words('follow-overdue')).toBe('已超时 1')
})

test('told, settled, not satisfied, settled again, satisfied, filed', async () => {
  const { words, tap, type, has, backend } = await open('/follow', {}, filled)
  await tap('issue-open')
  expect(words('issue-history')).toContain('登记')
  await type('issue-words', '配件明天到')
  await tap('issue-save')
  expect(words('issue-open')).toBe('写处理结果')
  expect(words('issue-breach'), 'telling it late does not take it away').toContain('才办到')

  await tap('issue-open')
  await type('issue-result', '换了水晶头')
  await tap('issue-save')
  await tap('issue-open')
  await tap('issue-satisfied-no')
  await type('issue-said', '还是慢')
  await tap('issue-save')
  expect(words('issue/1')).toContain('客户不满意 1 次')
  expect(words('issue-open')).toBe('告诉客户进度')

  await tap('issue-open')
  await tap('issue-do-solve')
  await type('issue-result', '换了网线')
  await tap('issue-save')
  await tap('issue-open')
  await tap('issue-satisfied-yes')
  await tap('issue-save')
  await tap('issue-open')
  await tap('issue-archive')
  expect(words('follow-none')).toContain('没有未了的事')
  expect(backend.follow.issues[0]?.step).toBe('archived')
  await tap('follow-closed')
  expect(words('issue/1')).toContain('已归档')
  await tap('issue-open')
  expect(has('issue-save'), 'nothing moves any more').toBe(false)
})

test('a promise without a number is refused in words, and nothing typed is lost', async () => {
  const { words, tap, type, has, backend } = await open('/follow')
  expect(words('follow-none')).toContain('没有未了的事')
  await tap('follow-raise')
  await type('issue-content', '机顶盒没声音')
  await type('issue-customer', '陈先生')
  await type('promise-phone', '12')
  await tap('issue-raise')
  expect(words('error-what')).toBe('答复的承诺还缺「电话」')
  await type('promise-phone', '0571-88000000')
  await tap('issue-raise')
  expect(has('sheet')).toBe(false)
  const [issue] = backend.follow.issues
  expect(issue?.content).toBe('机顶盒没声音')
  expect(issue?.promise).toEqual({
    by: at('13:22', 1),
    name: issue?.receiver.name,
    phone: '0571-88000000',
  })
})

test('handing on asks to whom; the staff number is optional', async () => {
  const { words, tap, type, backend } = await open('/follow', {}, filled)
  await tap('issue-open')
  await tap('issue-do-hand_on')
  await type('issue-to', '装维支撑')
  await tap('issue-save')
  expect(words('issue/1')).toContain('移交：装维支撑')
  expect(backend.follow.issues[0]?.handler).toEqual({
    name: '装维支撑',
    staff_no: null,
    phone: null,
  })
})

test('the whole number is shown after a tap, and the look is logged', async () => {
  const { words, tap, page, backend } = await open('/follow', {}, filled)
  await tap('issue-open')
  expect(page.text()).not.toMatch(/1\d{10}/)
  await tap('follow-reveal')
  expect(words('follow-number').replace(/\s/g, '')).toBe('13900005678')
  expect(backend.follow.looks).toEqual(['issue/1'])
})

test('a call is recorded with the customer’s answer; a missed one says so', async () => {
  const { words, tap, type, backend } = await open('/follow', {}, filled)
  await tap('follow-plans')
  expect(words('plan-next')).toBe('满意度调查 17:00 前')
  backend.world.now = at('17:01')
  await tap('plan-open')
  await tap('plan-nobody')
  expect(words('plan-missed')).toBe('错过 1 次')
  expect(words('follow/2')).toContain('没联系上')
  await tap('plan-open')
  await type('plan-words', '网速好')
  await tap('plan-satisfied-true')
  await tap('plan-save')
  expect(words('follow-none')).toContain('没有回访计划')
  expect(backend.follow.plans[0]?.acts[0]).toMatchObject({
    satisfied: true,
    result: '网速好',
    way: 'phone',
  })
})

test('the month’s five are planned for several months at once', async () => {
  const { words, tap, type, backend } = await open('/follow')
  await tap('follow-plans')
  await tap('follow-plan')
  await tap('plan-kind-monthly_five')
  await type('plan-customer', '林女士')
  await tap('plan-months-3')
  await tap('plan-make')
  expect(backend.follow.plans).toHaveLength(3)
  expect(words('follow/1')).toContain('做了 0/5')
})

test('a lead plans a call for a technician, by name and staff number', async () => {
  const { words, tap, type, page, backend } = await open('/follow', { role: 'lead' })
  await tap('follow-plans')
  await tap('follow-plan')
  await tap('plan-kind-call_back')
  await type('plan-customer', '林女士')
  await type('plan-for', '周建国')
  const make = page.get<HTMLButtonElement>('[data-testid="plan-make"]').element
  expect(make.disabled, 'without the number nobody would receive it').toBe(true)
  await type('plan-for-staff', '3107')
  await tap('plan-make')
  expect(backend.follow.plans[0]?.whose).toEqual({ staff_no: '3107', name: '周建国' })
  expect(words('follow/1')).toContain('由周建国回访')
})

test('dropping a plan asks why', async () => {
  const { words, tap, type } = await open('/follow', {}, filled)
  await tap('follow-plans')
  await tap('plan-open')
  await tap('plan-drop')
  await type('plan-words', '客户搬走了')
  await tap('plan-save')
  await tap('follow-closed')
  expect(words('follow/2')).toContain('不做了：客户搬走了')
})

test('what a contact brings up becomes an issue, with the customer’s name', async () => {
  const { tap, type, backend } = await open('/follow', {}, filled)
  await tap('follow-plans')
  await tap('plan-open')
  await tap('plan-raise')
  await type('issue-content', '路由器太旧')
  await tap('issue-raise')
  expect(backend.follow.issues[1]).toMatchObject({ customer: '林女士', source: 'follow/2' })
})

test('a lead comes from the desk and goes back there', async () => {
  const { tap, router } = await open('/desk', { role: 'lead' })
  await tap('desk-follow')
  expect(router.currentRoute.value.name).toBe('follow')
  await tap('back-desk')
  expect(router.currentRoute.value.name).toBe('desk')
})

test('a plan may be due on any day ahead, and on none before', async () => {
  const { words, tap, type, page, backend } = await open('/follow')
  await tap('follow-plans')
  await tap('follow-plan')
  await tap('plan-kind-three_levels')
  await type('plan-customer', '何女士')
  await tap('plan-due-on-2026-11-24')
  expect(words('plan-due-day')).toBe('选日期')
  await tap('plan-due-day')
  expect(page.get('[data-testid="date-day-21"]').attributes('disabled')).toBeDefined()
  await tap('date-month-12')
  await tap('date-day-15')
  expect(words('plan-due-day')).toBe('2026年12月15日')
  await tap('plan-make')
  const due = backend.follow.plans[0]?.due
  expect(new Date((due?.ms ?? 0) + 8 * 3_600_000).toISOString().slice(0, 10)).toBe('2026-12-15')
})
