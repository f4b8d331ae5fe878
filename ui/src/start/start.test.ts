import { expect, test, vi } from 'vitest'
import { refuse } from '@/backend'
import { OFFICE_CODE } from '@/backend/fake/sync'
import { open, PATIENCE, type Stage } from '@/testing'

async function register({ type, tap }: Stage): Promise<void> {
  await tap('start-alone')
  await type('start-name', ' 周建国 ')
  await type('start-staff', '3107')
  await type('start-phone', '13800003107')
  await type('start-pin', '2468')
  await type('start-pin-again', '2468')
}

test('a fresh tablet opens on the first page, whatever was asked for', async () => {
  const { router } = await open('/today', { state: 'first_start' })
  expect(router.currentRoute.value.name).toBe('start')
})

test('the demo begins with one tap', async () => {
  const { tap, router, words } = await open('/', { state: 'first_start' })
  await tap('start-demo')
  expect(router.currentRoute.value.name).toBe('today')
  expect(words('sync-chip')).toContain('试用数据')
})

test('who registers gives the PIN twice', async () => {
  const stage = await open('/', { state: 'first_start' })
  const { type, tap, page, router, backend } = stage
  const sent = vi.spyOn(backend, 'startReal')
  await register(stage)
  await type('start-pin-again', '2469')
  expect(page.text()).toContain('两次输的不一样')
  expect(page.get('[data-testid="start-real"]').attributes('disabled')).toBeDefined()
  await type('start-pin-again', '2468')
  await tap('start-real')
  expect(sent).toHaveBeenCalledWith({
    name: '周建国',
    staff_no: '3107',
    phone: '13800003107',
    pin: '2468',
    passphrase: null,
  })
  expect(router.currentRoute.value.name).toBe('today')
})

test('without a keystore the passphrase is asked, and only then', async () => {
  const stage = await open('/', { state: 'first_start', keyless: true })
  const { type, tap, has, router } = stage
  expect(has('start-passphrase')).toBe(false)
  await register(stage)
  await tap('start-real')
  expect(has('start-passphrase')).toBe(true)
  expect(has('error-notice'), 'it is not the technician’s mistake').toBe(false)
  await type('start-passphrase', 'eight-is-enough')
  await type('start-passphrase-again', 'eight-is-enough')
  await tap('start-real')
  expect(router.currentRoute.value.name).toBe('today')
})

test('a wrong passphrase keeps the data closed and says so', async () => {
  const { type, tap, words, router } = await open('/today', { state: 'locked' })
  expect(router.currentRoute.value.name).toBe('unlock')
  await type('unlock-passphrase', 'wrong')
  await tap('unlock-go')
  expect(words('error-what')).toBe('口令不对')
  await type('unlock-passphrase', 'eight-is-enough')
  await tap('unlock-go')
  expect(router.currentRoute.value.name).toBe('today')
})

test('a tablet that was with the customer opens there again, not on Today', async () => {
  const { router } = await open('/today', {}, ({ world }) => {
    const visit = world.newest('order/0412')
    for (const milestone of ['departed', 'at_door', 'entered'] as const) {
      visit?.milestones.push({ milestone, at: world.now, claim: null })
    }
    if (visit) Object.assign(visit, { in_handover: true, stage: 'inside' })
  })
  expect(router.currentRoute.value.name).toBe('handover')
})

async function fillCode({ type }: Stage, code = OFFICE_CODE): Promise<void> {
  await type('enrol-address', ' hub.example.com ')
  await type('enrol-code', code)
  await type('start-pin', '2468')
  await type('start-pin-again', '2468')
}

test('the office’s code comes first: the name is the server’s to tell', async () => {
  const stage = await open('/', { state: 'first_start' })
  const { tap, has, page, router, backend } = stage
  expect(has('start-name')).toBe(false)
  expect(page.get('[data-testid="start-office"]').attributes('disabled')).toBeDefined()
  const sent = vi.spyOn(backend, 'startEnrolled')
  await fillCode(stage, '7kq2 m9fx－r4da')
  await tap('start-office')
  expect(sent, 'dashes, blanks and small letters do not matter').toHaveBeenCalledWith({
    address: 'hub.example.com',
    code: '7KQ2M9FXR4DA',
    device_name: '平板',
    pin: '2468',
    passphrase: null,
  })
  expect(router.currentRoute.value.name).toBe('today')
  expect((await backend.boot()).office).toMatchObject({ address: 'hub.example.com', team: '一班' })
})

test('each reason why the office did not answer has its own words, and nothing typed is lost', async () => {
  const stage = await open('/', { state: 'first_start' })
  const { tap, type, words, page, router } = stage
  await fillCode(stage, 'ABCD-EFGH-JKMN')
  const tries = [
    ['这里没有', '服务器地址不对'],
    ['away.example.com', '连不上公司服务器'],
    ['portal.example.com', '回话的不是公司服务器，可能这个网络要先登录'],
    ['hub.example.com', '登记码不对、用过了或者过期了'],
  ] as const
  for (const [address, said] of tries) {
    await type('enrol-address', address)
    await tap('start-office')
    expect(words('error-what')).toBe(said)
  }
  vi.spyOn(stage.backend, 'startEnrolled').mockRejectedValueOnce(refuse('enrol_other_person'))
  await tap('start-office')
  expect(words('error-what')).toBe('这个登记码是给别人的')
  expect(router.currentRoute.value.name).toBe('start')
  expect(page.get<HTMLInputElement>('[data-testid="enrol-code"]').element.value).toBe(
    'ABCD-EFGH-JKMN',
  )
  await type('enrol-code', OFFICE_CODE)
  await tap('start-office')
  expect(router.currentRoute.value.name).toBe('today')
})

test('without a keystore the code waits until there is a passphrase', async () => {
  const stage = await open('/', { state: 'first_start', keyless: true })
  const { type, tap, has, router } = stage
  await fillCode(stage)
  await tap('start-office')
  expect(has('start-passphrase')).toBe(true)
  expect(has('error-notice')).toBe(false)
  await type('start-passphrase', 'eight-is-enough')
  await type('start-passphrase-again', 'eight-is-enough')
  await tap('start-office')
  expect(router.currentRoute.value.name).toBe('today')
})

test('who registered alone and then finds the code goes back to it', async () => {
  const { tap, has } = await open('/', { state: 'first_start' })
  await tap('start-alone')
  expect(has('enrol-code')).toBe(false)
  await tap('start-with-code')
  expect(has('enrol-code')).toBe(true)
})

test('a tablet that the office had wiped says so on its first page', async () => {
  const { backend, router, words } = await open('/today')
  vi.spyOn(backend, 'boot').mockResolvedValue({
    ...(await backend.boot()),
    state: 'first_start',
    office: null,
  })
  backend.sync.tell({ wiped: true })
  await vi.waitFor(() => expect(router.currentRoute.value.name).toBe('start'), PATIENCE)
  await vi.waitFor(() => expect(words('wiped')).toContain('按要求清除'), PATIENCE)
})
