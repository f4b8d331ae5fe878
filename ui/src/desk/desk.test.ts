import { beforeEach, expect, test, vi } from 'vitest'
import { flushPromises } from '@vue/test-utils'
import { type Pretence } from '@/backend/fake'
import { open, PATIENCE, type Stage } from '@/testing'

beforeEach(() => {
  // the page has no layout here: the queue is 320 px high, a row 46 px
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(320)
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(320)
})

type Desk = Stage & {
  /** Presses a key where the focus is. */
  press(key: string, more?: KeyboardEventInit): Promise<void>
  /** What was said about the last key. */
  said(): string
  /** The number of the order that lies open. */
  reading(): string
  given(): Stage['backend']['leadDesk']['given']
}

async function rest(): Promise<void> {
  for (let i = 0; i < 6; i += 1) await flushPromises()
}

async function sit(
  pretence: Partial<Pretence> = {},
  before: Parameters<typeof open>[2] = undefined,
): Promise<Desk> {
  const stage = await open('/', { role: 'lead', ...pretence }, before)
  return {
    ...stage,
    async press(key, more = {}) {
      const from = document.activeElement ?? document.body
      from.dispatchEvent(
        new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }),
      )
      await rest()
    },
    said: () => stage.words('desk-said'),
    reading: () => stage.page.find('tr.on td:nth-child(2)').text(),
    given: () => stage.backend.leadDesk.given,
  }
}

test('a lead’s window opens at the desk, with a way to Today and back', async () => {
  const { router, tap } = await sit()
  expect(router.currentRoute.value.name).toBe('desk')
  await tap('desk-today')
  expect(router.currentRoute.value.name).toBe('today')
  await tap('open-desk')
  expect(router.currentRoute.value.name).toBe('desk')
})

test('a technician’s window does not open the desk', async () => {
  const { router, has } = await open('/desk', { role: 'technician' })
  expect(router.currentRoute.value.name).toBe('today')
  expect(has('open-desk')).toBe(false)
})

test('the queue tells complaints first, then flags, each submission in one line', async () => {
  const { words, page } = await sit()
  expect(words('desk-view-open')).toBe('待审核 37')
  expect(words('desk-view-flagged')).toBe('有疑点 7')
  expect(words('desk-view-rework_today')).toBe('今日返工 1')
  expect(words('desk-view-day')).toBe('还没收到 3')
  const cells = (no: string): string[] =>
    page
      .get(`[data-testid="desk-${no}"]`)
      .findAll('td')
      .map((td) => td.text())
  expect(cells('0387')).toEqual([
    ...['投诉', '0387', '陈先生 · 梅园里 31 号 2 幢 502 室', '李志强', '移动宽带 · 修障'],
    ...['晚 22 分', '65 分', '不满意', '17:30 前回电'],
  ])
  expect(cells('0405').slice(-2)).toEqual(['未评', '未完工 · 管道不通'])
  expect(cells('0401').at(-1)).toBe('待审 · 代签')
  expect(cells('0391').at(-1)).toBe('待审 · 第 2 次')
  const order = page.findAll('tbody tr').map((row) => row.attributes('data-testid'))
  expect(order.slice(0, 2)).toEqual(['desk-0387', 'desk-0412'])
})

test('the table says what it is to who cannot see it', async () => {
  const { page, press } = await sit()
  const table = page.get('[role="grid"]')
  expect(table.attributes('aria-rowcount')).toBe('38')
  expect(table.attributes('aria-activedescendant')).toBe('desk-row-0')
  await press('ArrowDown')
  expect(table.attributes('aria-activedescendant')).toBe('desk-row-1')
  expect(page.get('#desk-row-1').attributes('aria-selected')).toBe('true')
  expect(page.get('#desk-row-1').attributes('aria-rowindex')).toBe('3')
  expect(page.findAll('[role="columnheader"]').length).toBe(9)
  expect(page.findAll('#desk-row-1 [role="gridcell"]').length).toBe(9)
})

test('a head sorts, a second tap the other way round', async () => {
  const { tap, page, reading } = await sit()
  const head = () => page.get('[data-testid="desk-sort-order"]').element.closest('th')
  expect(head()?.getAttribute('aria-sort')).toBe('none')
  await tap('desk-sort-order')
  expect(head()?.getAttribute('aria-sort')).toBe('ascending')
  expect(reading()).toBe('0387')
  await tap('desk-sort-order')
  expect(head()?.getAttribute('aria-sort')).toBe('descending')
  expect(reading()).toBe('3730')
})

test('arrows choose a row, and the one who listens hears it', async () => {
  const { press, reading, said, words } = await sit()
  expect(reading()).toBe('0387')
  await press('ArrowDown')
  expect(reading()).toBe('0412')
  expect(said()).toBe('第 2 单，共 37 单：0412 林女士，2 处疑点')
  expect(words('desk-flags')).toContain('走线照与 0388 相似 96 %')
  await press('n')
  expect(reading()).toBe('0405')
  await press('ArrowUp')
  await press('ArrowUp')
  await press('ArrowUp')
  expect(reading(), 'the top is the end').toBe('0387')
  await press('End')
  expect(said()).toContain('第 37 单')
})

test('a photo that resembles another stands beside it; arrows browse, Z enlarges', async () => {
  const { press, words, has, said } = await sit()
  await press('ArrowDown')
  expect(words('desk-like')).toContain('对比 0388')
  expect(words('desk-like')).toContain('昨天 16:12')
  await press('ArrowRight')
  expect(said()).toBe('照片 4，共 6 张：光猫 G-2101')
  expect(has('desk-like')).toBe(false)
  await press('ArrowLeft')
  await press('z')
  expect(words('desk-zoomed')).toContain('对比 0388 · 相似 96 %')
  await press('ArrowDown')
  expect(words('desk-zoomed'), 'the queue does not move behind the photo').toContain('本单 0412')
  await press('z')
  expect(has('desk-zoomed')).toBe(false)
})

test('A approves what lies open and goes to the next; the decided one is kept under 已审', async () => {
  const { press, reading, words, given, tap, page, said } = await sit()
  await press('ArrowDown')
  await press('1')
  await press('3')
  await press('3')
  expect(words('desk-scores')).toContain('还差整洁')
  await press('a')
  expect(given()).toEqual([
    {
      ...{ visit: 'visit/0412', submission: 1, verdict: 'approved', reasons: [], note: null },
      scores: [
        { name: 'standard', points: 5 },
        { name: 'photos', points: 4 },
      ],
    },
  ])
  expect(said()).toBe('0412 林女士：通过')
  expect(reading(), 'the next row').toBe('0405')
  expect(words('desk-view-open')).toBe('待审核 36')
  expect(words('desk-scores'), 'scores do not carry over').toContain('按一下 5 分')
  await tap('desk-see-decided')
  expect(page.find('[data-testid="desk-0412"]').text()).toContain('已通过')
  await press('a')
  expect(given().length, 'what is decided is not decided again').toBe(1)
})

test('a key that is held down decides one, and with Ctrl none', async () => {
  const { press, given } = await sit()
  await press('a', { repeat: true })
  await press('a', { ctrlKey: true })
  expect(given()).toEqual([])
  await press('a')
  expect(given().length).toBe(1)
})

test('keys do nothing while somebody types or an input method is open', async () => {
  const { page, press, given, reading, has } = await sit()
  await press('/')
  const field = page.get<HTMLInputElement>('[data-testid="desk-search"]').element
  expect(document.activeElement).toBe(field)
  for (const key of ['a', 'r', 'w', 'n', '1', 'ArrowDown', 'z']) await press(key)
  expect(given()).toEqual([])
  expect(has('desk-rows')).toBe(false)
  expect(reading()).toBe('0387')
  await press('Escape')
  expect(document.activeElement).not.toBe(field)
  await press('a', { isComposing: true })
  expect(given()).toEqual([])
})

test('R sends back with a reason for each row, without a mouse', async () => {
  const { press, words, given, reading, tap } = await sit()
  await press('ArrowDown')
  await press('r')
  expect(words('desk-rows').startsWith('走线整齐'), 'the row of the photo looked at').toBe(true)
  expect(words('desk-need')).toBe('至少选一项，写明原因')
  await press('Enter')
  expect(given(), 'nothing without a reason').toEqual([])
  await press('1')
  await press('ArrowDown')
  await press('3')
  expect(words('desk-give')).toBe('退回补资料，2 项')
  await press('Enter')
  expect(given()[0]).toMatchObject({
    verdict: 'returned',
    reasons: [
      { item: 'cabling', reason: '照片看不清' },
      // ticks at once single nothing out: the visit as a whole comes next
      { item: null, reason: '客户反映不一样' },
    ],
  })
  expect(reading()).toBe('0405')
  await tap('desk-view-decided')
  expect(words('desk-0412')).toContain('已退回')
})

test('W orders another visit in own words; a row without words is named', async () => {
  const { press, tap, type, words, given, has } = await sit()
  await press('w')
  await tap('desk-pick-whole')
  expect(words('desk-need')).toBe('「整张单子」还没写原因')
  await type('desk-words-whole', '客厅没有信号，换个位置')
  await type('desk-note', '客户周三在家')
  await tap('desk-give')
  expect(given()[0]).toMatchObject({
    ...{ verdict: 'rework', note: '客户周三在家' },
    reasons: [{ item: null, reason: '客厅没有信号，换个位置' }],
  })
  expect(has('desk-rows')).toBe(false)
})

test('a refused verdict is said in the sheet, and nothing moves on', async () => {
  const { press, backend, page, reading, words } = await sit()
  vi.spyOn(backend, 'giveVerdict').mockRejectedValue({ code: 'disk_full', params: {} })
  await press('r')
  await press('1')
  await press('Enter')
  expect(page.find('[data-testid="sheet"] [data-code="disk_full"]').exists()).toBe(true)
  expect(reading()).toBe('0387')
  expect(words('desk-give')).toContain('1 项')
})

test('who comes second is told who was first, and what happens to their word', async () => {
  const { press, tap, words, has } = await sit()
  for (let i = 0; i < 3; i += 1) await press('ArrowDown')
  await press('r')
  await press('1')
  await press('Enter')
  expect(words('desk-late')).toContain('0401 孙女士：刘卫国在 17:01 先审了，判的是通过')
  expect(words('desk-late')).toContain('您判的退回补资料也记下了')
  await tap('desk-late-close')
  expect(has('desk-late')).toBe(false)
  await tap('desk-view-decided')
  await tap('desk-0401')
  expect(words('desk-log')).toContain('先审的算数')
})

test('approving many says the numbers before and what was picked afterwards', async () => {
  const { tap, words, backend } = await sit()
  const asked = vi.spyOn(backend, 'approveUnflagged')
  await tap('desk-many')
  expect(words('desk-many-before')).toBe(
    '待审 37 单，没有疑点的 29 单。抽 3 单留下细看，其余 26 单通过。',
  )
  await tap('desk-rate-20')
  expect(words('desk-many-before')).toContain('抽 6 单')
  await tap('desk-many-go')
  expect(asked).toHaveBeenCalledWith(20)
  expect(words('desk-many-done')).toContain('通过了 23 单，抽中 6 单细看')
  expect(words('desk-many-done'), 'picked ones by name').toContain('0396 高先生')
  await tap('desk-many-close')
  expect(words('desk-view-open')).toBe('待审核 14')
  expect(words('desk-view-flagged'), 'flagged ones are as they were').toBe('有疑点 7')
})

test('a second submission shows the difference, the first stays readable and cannot be decided', async () => {
  const { press, tap, words, given, has } = await sit()
  for (let i = 0; i < 4; i += 1) await press('ArrowDown')
  expect(words('desk-changes')).toContain('和第 1 次相比')
  expect(words('desk-log')).toContain('光猫 G-2101：照片看不清')
  expect(words('desk-cannot-mend')).toContain('标签朝里')
  await tap('desk-submission-1')
  expect(has('desk-changes')).toBe(false)
  expect(words('desk-decided')).toBe('这一次已经审过：退回补资料')
  await press('a')
  expect(given()).toEqual([])
})

test('the checklist folds to what is odd or measured, and opens as a whole', async () => {
  const { press, tap, words, page } = await sit()
  await press('ArrowDown')
  expect(words('desk-checks')).toContain('−21.6 dBm')
  expect(words('desk-checks')).toContain('SN 48DB2A7C1907')
  expect(words('desk-checks')).toContain('不适用：没有动过')
  expect(page.find('[data-item="tidy"]').exists()).toBe(false)
  await tap('desk-unfold')
  expect(page.find('[data-item="tidy"]').exists()).toBe(true)
})

test('a flag leads to what it is about', async () => {
  const { press, tap, page, words } = await sit()
  await press('ArrowDown')
  await press('ArrowRight')
  await tap('desk-flag-photo_alike')
  expect(words('desk-like')).toContain('对比 0388')
  const shown = vi.fn()
  HTMLElement.prototype.scrollIntoView = shown
  await tap('desk-flag-taps_at_once')
  expect(page.find('[data-item="introduced"]').exists(), 'the list opened').toBe(true)
  expect(shown).toHaveBeenCalled()
})

test('the team’s day says who was not heard of and since when', async () => {
  const { tap, words, press, given } = await sit()
  await tap('desk-view-day')
  expect(words('desk-day-not-received')).toContain('最后联系 08:10')
  expect(words('desk-day-not-received')).toContain('平板 18 · 从未联系')
  expect(words('desk-day-not-received')).toContain('还没有登记过平板')
  expect(words('desk-day-out')).toContain('已进门，施工中')
  expect(words('desk-day-due-soon')).toContain('0427 方女士')
  expect(words('desk-day-unfinished')).toContain('管道不通')
  await press('a')
  expect(given(), 'no verdict on what is not in sight').toEqual([])
})

test('an empty desk says what will come, a search without a hit how to go on', async () => {
  const empty = await sit({ submissions: 0 })
  expect(empty.words('desk-empty')).toContain('都审完了')
  expect(empty.words('desk-empty')).toContain('10月23日')
  const { type, words, tap, has } = await sit()
  await type('desk-search', '不存在')
  expect(words('desk-empty')).toContain('没有找到「不存在」')
  await tap('desk-clear')
  expect(has('desk-0412')).toBe(true)
})

test('the export is of what is listed and says where it is', async () => {
  const { tap, type, words, backend } = await sit()
  const asked = vi.spyOn(backend, 'deskExport')
  await tap('desk-view-flagged')
  await type('desk-search', '锦绣路')
  await tap('desk-export')
  expect(asked.mock.calls[0]?.[0]).toMatchObject({ view: 'flagged', search: '锦绣路' })
  expect(words('desk-done')).toContain('审核-flagged.csv')
})

test('a queue that cannot be read says so', async () => {
  const { words, type, backend } = await sit()
  vi.spyOn(backend, 'desk').mockRejectedValue({ code: 'database_damaged', params: {} })
  await type('desk-search', '林')
  expect(words('error-what')).toBe('数据文件有损坏')
})

test('a hundred thousand submissions keep only the rows in sight in the page', async () => {
  const TOTAL = 100_000
  const { page, backend, press } = await sit({}, (fake) => {
    const some = fake.desk.bind(fake)
    // the rows of the first page, again and again
    fake.desk = async (query) => {
      const first = await some({ ...query, offset: 0 })
      const rows = Array.from({ length: query.limit }, (_, i) => {
        const n = query.offset + i
        return {
          ...first.rows[i % first.rows.length]!,
          visit: `visit/0412`,
          submission: n,
          short_no: `n${n}`,
        }
      })
      return { ...first, total: TOTAL, rows }
    }
  })
  const asked = vi.spyOn(backend, 'desk')
  expect(page.findAll('tbody tr').length).toBeLessThan(30)
  const list = page.get('[data-testid="desk-table"]')
  list.element.scrollTop = 46 * 50_000
  await list.trigger('scroll')
  await vi.waitFor(
    () => expect(page.find('[data-index="50000"]').text()).toContain('n50000'),
    PATIENCE,
  )
  expect(asked.mock.calls.every(([query]) => query.limit === 50)).toBe(true)
  expect(asked.mock.calls.length, 'only the pages in sight are read').toBeLessThan(5)
  await press('End')
  expect(page.get('[role="grid"]').attributes('aria-activedescendant')).toBe('desk-row-99999')
})

test('keys typed quickly read the last wish, not all of them', async () => {
  const { page, backend } = await sit()
  const read = vi.spyOn(backend, 'deskSubmission')
  for (let i = 0; i < 10; i += 1)
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }))
  await rest()
  expect(page.find('tr.on').attributes('data-index')).toBe('10')
  expect(read.mock.calls.length).toBeLessThan(4)
})

test('the desk speaks English too', async () => {
  const { words, press } = await sit({
    settings: { lang: 'en', theme: 'light', scale: 100, keep_days: 30 },
  })
  expect(words('desk-view-open')).toBe('To review 37')
  await press('r')
  expect(words('desk-need')).toBe('Choose at least one row and say why')
})

test('coming back to the window reads the queue again, but not under what is being written', async () => {
  const { backend, press, has } = await sit()
  const asked = vi.spyOn(backend, 'desk')
  dispatchEvent(new Event('focus'))
  await rest()
  expect(asked).toHaveBeenCalledTimes(1)
  await press('r')
  dispatchEvent(new Event('focus'))
  await rest()
  expect(asked).toHaveBeenCalledTimes(1)
  expect(has('desk-rows')).toBe(true)
})

test('a late answer to an older question does not take the place of the newer one', async () => {
  const { backend, type, words, page } = await sit()
  const real = backend.desk.bind(backend)
  const held: (() => void)[] = []
  backend.desk = (query) =>
    query.search === '陈'
      ? new Promise((done) => held.push(() => void real(query).then(done)))
      : real(query)
  await type('desk-search', '陈')
  await type('desk-search', '林')
  held.forEach((let_go) => let_go())
  await rest()
  const listed = page.findAll('tbody tr').map((row) => row.attributes('data-testid'))
  expect(listed).toContain('desk-0412')
  expect(listed).not.toContain('desk-0387')
  expect(words('desk-said')).not.toContain('陈')
})

test('what comes from the server stands in the queue by itself, but not while a sheet lies over it', async () => {
  const { backend, press, words } = await sit()
  const asked = vi.spyOn(backend, 'desk')
  backend.leadDesk.approveUnflagged(0)
  backend.sync.tell({ streams: ['review/0398'] })
  await vi.waitFor(() => expect(words('desk-view-open')).toBe('待审核 8'), PATIENCE)
  await press('r')
  asked.mockClear()
  backend.sync.tell({ streams: ['visit/0500'] })
  await rest()
  expect(asked).not.toHaveBeenCalled()
})

test('earlier records are fetched 30 days at a time, and say that they travel', async () => {
  const { tap, words, has, page, backend } = await sit()
  expect(words('desk-reach')).toContain('本班 10月23日 周五 起的记录都在这里')
  backend.leadDesk.away = 'hub_unreachable'
  await tap('desk-earlier')
  expect(words('desk-earlier-failed')).toContain('连不上公司服务器')
  expect(words('desk-earlier'), 'it can be tried again').toBe('再取 30 天')
  backend.leadDesk.away = null
  await tap('desk-earlier')
  expect(has('desk-earlier-failed')).toBe(false)
  expect(words('desk-reach')).toContain('本班 9月23日 周三 起的记录都在这里')
  expect(words('desk-earlier')).toBe('正在取，还有 640 条在路上')
  expect(page.find('[data-testid="desk-earlier"]').attributes('disabled')).toBeDefined()
})

test('a desk that has everything offers nothing earlier', async () => {
  const { words, has } = await sit({}, (backend) => {
    backend.leadDesk.reach = { since: null, coming: 0 }
  })
  expect(words('desk-reach')).toBe('本班的记录都在这里了')
  expect(has('desk-earlier')).toBe(false)
})

test('the ticket is of the submission that lies open, after its pictures were fetched', async () => {
  const { press, backend, has, page } = await sit()
  const asked = vi.spyOn(backend, 'deskTicket')
  backend.leadDesk.atHub = new Set(['aa', 'bb'])
  await press('t')
  // the sheet is read when it is first opened
  await vi.dynamicImportSettled()
  await rest()
  expect([...backend.leadDesk.atHub]).toEqual([])
  const open = page.find('tr.on td:nth-child(2)').text()
  expect(asked.mock.calls).toEqual([[expect.stringContaining(open), 1]])
  expect(has('desk-ticket-lacking')).toBe(false)
})

test('offline the ticket is shown without the pictures, and says so', async () => {
  const { press, backend, words } = await sit()
  backend.leadDesk.atHub = new Set(['aa', 'bb', 'cc'])
  backend.leadDesk.away = 'hub_unreachable'
  const fetches = vi.spyOn(backend, 'fetchPicture')
  await press('t')
  // the sheet is read when it is first opened
  await vi.dynamicImportSettled()
  await rest()
  expect(fetches, 'the second would only wait as long again').toHaveBeenCalledOnce()
  expect(words('desk-ticket-lacking')).toContain('3 张照片或签字没有取到')
})
