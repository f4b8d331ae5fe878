import { expect, test, vi } from 'vitest'
import type { Strokes } from '@/backend'
import { open, type Stage } from '@/testing'
import { clock } from './useAssess'

const INK: Strokes = {
  width: 1000,
  height: 300,
  strokes: [Array.from({ length: 20 }, (_, i) => ({ x: i * 40, y: 100, t: i * 8, p: 0.5 }))],
}

const lead = (path: string, before?: Parameters<typeof open>[2]): Promise<Stage> =>
  open(path, { role: 'lead' }, before)

/** An exam of 周建国 that lies open. */
const exam = (): Promise<Stage> =>
  lead('/assess/assess/1', ({ exams }) => {
    exams.begin('jiangsu-s11', { staff_no: '3107', name: '周建国' })
  })

async function choose(stage: Stage): Promise<void> {
  await stage.tap('total-text')
  await stage.tap('words-ready-1')
  await stage.tap('words-confirm')
}

async function sign({ page, tap }: Stage, side: 'candidate' | 'examiner'): Promise<void> {
  await tap(`sign-${side}`)
  await page.getComponent({ name: 'SignPad' }).vm.$emit('update:modelValue', INK)
  await tap('sign-confirm')
}

test('the desk leads to the exams, and a new one begins with two taps', async () => {
  const stage = await lead('/')
  await stage.tap('desk-assessments')
  expect(stage.words('assess-none')).toContain('还没有考核')
  await stage.tap('assess-begin')
  await stage.tap('begin-3107')
  await stage.tap('begin-go')
  expect(stage.router.currentRoute.value.name).toBe('assess')
  expect(stage.page.get('h1').text()).toBe('考核 周建国')
  await stage.tap('assess-back')
  expect(stage.words('assess-KH-20261122-0001')).toContain('考核中')
})

test('a lead who picks herself is told why not', async () => {
  const stage = await lead('/assessments')
  await stage.tap('assess-begin')
  await stage.type('begin-name', '陈立新')
  await stage.type('begin-no', '1002')
  await stage.tap('begin-go')
  expect(stage.words('error-what')).toBe('不能给自己考核、记罚款或评星')
  await stage.type('begin-name', '孙伟')
  await stage.type('begin-no', '3201')
  await stage.tap('begin-go')
  expect(stage.page.get('h1').text()).toBe('考核 孙伟')
})

test('a technician’s window opens neither exams nor cards', async () => {
  for (const path of [
    '/assessments',
    '/assess/assess/1',
    '/assess/assess/1/sheet',
    '/staff',
    '/staff/3107',
  ]) {
    const { router } = await open(path, { role: 'technician' })
    expect(router.currentRoute.value.name).toBe('today')
  }
})

test('each tap takes off what the form says, no part goes below nothing, and a tap takes it back', async () => {
  const { tap, words, has, page } = await exam()
  const off = (id: string): boolean =>
    page.get(`[data-testid="${id}"]`).attributes('disabled') !== undefined
  expect(words('left-cable')).toBe('剩 10 / 10')
  expect(off('back-crimp')).toBe(true)
  await tap('deduct-crimp')
  expect([words('left-cable'), words('lost-crimp')]).toEqual(['剩 8 / 10', '−21 次'])
  for (let i = 0; i < 5; i += 1) await tap('deduct-crimp')
  expect(words('left-cable')).toBe('剩 0 / 10')
  expect(words('part-cable')).toContain('已经扣完')
  await tap('back-crimp')
  await tap('back-crimp')
  expect(words('left-cable')).toBe('剩 2 / 10')
  await tap('deduct-badge')
  expect([words('left-manners'), off('deduct-badge')]).toEqual(['剩 0 / 10', true])
  await tap('deduct-itv-demo')
  expect(words('left-demo')).toBe('剩 79 / 80')
  await tap('whole-itv-demo')
  expect([words('left-demo'), off('deduct-itv-demo'), off('whole-itv-demo')]).toEqual([
    '剩 65 / 80',
    true,
    true,
  ])
  expect(has('whole-e8-connect')).toBe(false)
})

test('the two totals stand side by side, and the chosen one needs its reason', async () => {
  const stage = await exam()
  const { tap, words, has, page } = stage
  await tap('deduct-badge')
  await tap('deduct-crimp')
  expect(words('total-text')).toBe('按正文 20 / 8088 分')
  expect(words('total-sheets')).toBe('按评分表 10 / 9090 分')
  expect(has('score')).toBe(false)
  expect(words('not-yet')).toBe('先定按哪种满分计分，再签字')
  await tap('total-text')
  expect(page.get('[data-testid="words-confirm"]').attributes('disabled')).toBeDefined()
  await tap('words-ready-1')
  await tap('words-confirm')
  expect(words('score')).toBe('88 分')
  expect(has('not-yet')).toBe(false)
})

test('a clock runs, is over its limit, and keeps the two from signing while it runs', async () => {
  const { tap, words } = await exam()
  expect(words('timer-e8')).toContain('限 20 分钟')
  await tap('run-e8')
  expect(words('not-yet')).toBe('先停表，再签字')
  expect(words('run-e8')).toBe('停表')
  await tap('run-e8')
  expect(words('ran-e8')).toBe('21:00')
  expect(words('timer-e8')).toContain('超时 1:00')
})

test('a running clock counts on from the answer', async () => {
  const now = vi.spyOn(performance, 'now').mockReturnValue(0)
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  try {
    const { tap, words, page } = await exam()
    await tap('run-e8')
    now.mockReturnValue(65_000)
    vi.advanceTimersByTime(1000)
    await page.vm.$nextTick()
    expect(words('ran-e8')).toBe('1:05')
  } finally {
    vi.useRealTimers()
    now.mockRestore()
  }
  expect([clock(0), clock(1), clock(59_999), clock(1_200_000)]).toEqual([
    '0:00',
    '0:01',
    '1:00',
    '20:00',
  ])
})

test('both sign, the exam is closed, and nothing can be tapped any more', async () => {
  const stage = await exam()
  const { tap, words, has, page } = stage
  await choose(stage)
  await sign(stage, 'candidate')
  expect(words('signed-candidate')).toContain('14:00 已签')
  expect(page.find('[data-testid="deduct-crimp"]').exists()).toBe(false)
  expect(has('assess-close')).toBe(false)
  await sign(stage, 'examiner')
  await tap('assess-close')
  expect(has('assess-withdraw')).toBe(false)
  await tap('assess-back')
  expect(words('assess-KH-20261122-0001')).toContain('已完成')
  expect(words('assess-KH-20261122-0001')).toContain('100 分')
})

test('a mistake after a signature opens it again, with a reason', async () => {
  const stage = await exam()
  const { tap, type, words, has } = stage
  await choose(stage)
  await sign(stage, 'examiner')
  await tap('assess-reopen')
  await type('words-field', '漏扣一根')
  await tap('words-confirm')
  expect(words('signed-examiner')).toContain('还没签')
  await tap('deduct-crimp')
  expect([words('score'), has('assess-reopen')]).toEqual(['98 分', false])
})

test('a candidate who will not sign says why', async () => {
  const stage = await exam()
  const { tap, type, words, page } = stage
  await choose(stage)
  await tap('sign-candidate')
  await tap('decline')
  expect(page.get('[data-testid="sign-confirm"]').attributes('disabled')).toBeDefined()
  await type('decline-reason', '不认可扣分')
  await tap('sign-confirm')
  expect(words('signed-candidate')).toContain('拒签：不认可扣分')
})

test('an exam of another tablet is only read', async () => {
  const { words, has, page } = await lead('/assess/assess/1', ({ exams }) => {
    exams.begin('jiangsu-s11', { staff_no: '3107', name: '周建国' }).mine = false
  })
  expect(words('read-only')).toContain('只能看')
  expect(has('sign-candidate')).toBe(false)
  expect(has('deduct-crimp')).toBe(false)
  expect(page.find('[data-testid="lost-crimp"]').exists()).toBe(true)
})

test('a withdrawn exam says why', async () => {
  const { tap, type, words } = await exam()
  await tap('assess-withdraw')
  await type('words-field', '认错人了')
  await tap('words-confirm')
  expect(words('withdrawn')).toBe('已作废：认错人了')
})

test('the score sheet is saved, and says when there is no printer', async () => {
  const { tap, words } = await exam()
  await tap('open-sheet')
  await tap('sheet-save')
  expect(words('sheet-saved')).toContain('技能考核评分表-KH-20261122-0001.pdf')
  await tap('sheet-print')
  expect(words('error-what')).toBe('没有可用的打印机')
})

test('a penalty outside the limits is refused, inside it stands on the card', async () => {
  const { tap, type, words, has } = await lead('/')
  await tap('desk-staff')
  await tap('card-3107')
  await tap('add-penalty')
  await type('penalty-amount', '49')
  await type('penalty-reason', '抱怨客户')
  await tap('penalty-complaint-public')
  await tap('penalty-record')
  expect(words('error-what')).toBe('罚款要在 50 到 500 元之间')
  await type('penalty-amount', '50')
  await type('penalty-loss', '35')
  await type('penalty-remedy', '当面教育，上门道歉')
  await tap('penalty-record')
  expect(words('penalty-0')).toContain('50 元 · 抱怨客户')
  expect(words('penalty-0')).toContain('承担客户损失 35 元')
  expect(words('penalty-0')).toContain('教育和善后：当面教育，上门道歉')
  expect(words('card-cases')).toBe('本月 1 例投诉。')
  await tap('assess-back')
  expect(words('staff-joint')).toContain('S71-03')
  expect(has('staff-public')).toBe(true)
})

test('stars are awarded once a year', async () => {
  const { tap, type, words, page } = await lead('/staff/3108?name=李志强')
  await tap('add-stars')
  await tap('stars-2')
  await type('stars-reason', '全年好评')
  await tap('stars-award')
  expect(words('star-0')).toContain('2026 年 2 星 · 全年好评')
  expect(page.get('[data-testid="add-stars"]').attributes('disabled')).toBeDefined()
  await tap('assess-back')
  expect(words('card-3108')).toContain('2026 年 2 星')
})

test('anybody’s card can be opened by name and number', async () => {
  const { tap, type, page } = await lead('/staff')
  await type('staff-name', '孙伟')
  await type('staff-no', '3201')
  await tap('staff-open')
  expect(page.get('h1').text()).toBe('孙伟')
})
