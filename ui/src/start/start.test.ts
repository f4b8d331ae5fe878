import { expect, test, vi } from 'vitest'
import { open, type Stage } from '@/testing'

async function register({ type }: Stage): Promise<void> {
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
