import { expect, test, vi } from 'vitest'
import { flushPromises } from '@vue/test-utils'
import { fakeBackend } from '@/backend/fake'
import type { DeskSubmission } from '@/backend'
import { openReading } from './useReading'

/** A desk whose answers come when the test lets them. */
function slow() {
  const backend = fakeBackend({ role: 'lead' })
  const real = backend.deskSubmission.bind(backend)
  const waiting: (() => void)[] = []
  const asked: string[] = []
  backend.deskSubmission = (visit, submission) => {
    asked.push(visit)
    return new Promise<DeskSubmission>((done) => {
      waiting.push(() => void real(visit, submission).then(done))
    })
  }
  const answer = async (): Promise<void> => {
    waiting.shift()?.()
    await flushPromises()
  }
  return { backend, reading: openReading(backend), asked, answer }
}

const APPROVE = { verdict: 'approved' as const, reasons: [], note: null }

test('while the next one is on its way, no verdict falls on the one before', async () => {
  const { backend, reading, answer } = slow()
  void reading.read('visit/0412', 1)
  await answer()
  expect(reading.decidable.value).toBe(true)
  void reading.read('visit/0405', 1)
  await flushPromises()
  expect(reading.decidable.value).toBe(false)
  expect(await reading.give(APPROVE)).toBeNull()
  expect(backend.leadDesk.given).toEqual([])
  await answer()
  expect(reading.open.value?.row.short_no).toBe('0405')
})

test('of many wishes while one is read only the last is asked for', async () => {
  const { reading, asked, answer } = slow()
  for (const no of ['0387', '0412', '0405', '0401', '0391']) void reading.read(`visit/${no}`, 1)
  await answer()
  expect(reading.open.value, 'the first answer is not what is wanted any more').toBeNull()
  await answer()
  expect(asked).toEqual(['visit/0387', 'visit/0391'])
  expect(reading.open.value?.row.short_no).toBe('0391')
})

test('a verdict is given once, however often it is asked for', async () => {
  const { backend, reading, answer } = slow()
  void reading.read('visit/0412', 1)
  await answer()
  const given = vi.spyOn(backend, 'giveVerdict')
  await Promise.all([reading.give(APPROVE), reading.give(APPROVE)])
  expect(given).toHaveBeenCalledTimes(1)
})

test('scores go from five to none and start anew', () => {
  const { reading } = slow()
  const points = Array.from({ length: 7 }, () => reading.score('tidy'))
  expect(points).toEqual([5, 4, 3, 2, 1, null, 5])
})

test('what cannot be read is said, and nothing old lies open', async () => {
  const { backend, reading } = slow()
  backend.deskSubmission = () => Promise.reject({ code: 'visit_unknown', params: {} })
  await reading.read('visit/0412', 1)
  expect(reading.open.value).toBeNull()
  expect(reading.refusal.value?.code).toBe('visit_unknown')
})
