import { afterEach, expect, test } from 'vitest'
import type { FakeBackend } from '@/backend/fake'
import { inside, leave, settle, stage, type Stage } from '@/visit/testing'

let on: Stage | null = null
afterEach(() => leave(on))

/** Inside, with the rows that packs have for what could not be settled. */
async function asked(backend: FakeBackend, id: string): Promise<void> {
  await inside(backend, id)
  const rows = backend.world.visit(id).phases.flatMap((p) => p.items)
  const named = (id: string) => rows.find((i) => i.id === id)!
  Object.assign(named('usage'), { id: 'issue-promise', evidence: { ...named('advice').evidence } })
  named('advice').id = 'issue-record'
}

const WISH = { type: 'text' as const, text: '想把光猫移到书房' }

test('an empty row raises nothing', async () => {
  on = await stage('teach', asked)
  expect(on.has('item-issue-record')).toBe(true)
  expect(on.has('raise-from-visit')).toBe(false)
})

test('what could not be settled on the visit becomes an issue, with its words and the order', async () => {
  on = await stage('teach', async (backend, id) => {
    await asked(backend, id)
    const item = { item: 'issue-record', answer: WISH }
    await backend.act(id, { do: 'answer', item, claim: null })
  })
  await on.tap('raise-from-visit')
  await settle()
  expect(on.has('issue-phone'), 'the order has the number').toBe(false)
  await on.tap('issue-raise')
  expect(on.text('issue-recorded')).toContain('已登记')
  expect(on.backend.follow.issues[0]).toMatchObject({
    kind: 'request',
    content: '想把光猫移到书房',
    source: on.id,
    order: 'order/0412',
  })
})

test('what was promised is not typed again for the row that asks for it', async () => {
  on = await stage('teach', async (backend, id) => {
    await asked(backend, id)
    await backend.act(id, {
      do: 'answer',
      item: { item: 'issue-record', answer: WISH },
      claim: null,
    })
  })
  await on.tap('raise-from-visit')
  await settle()
  await on.tap('issue-raise')
  const row = on
    .view()
    .phases.flatMap((p) => p.items)
    .find((i) => i.id === 'issue-promise')
  expect(row?.answer).toMatchObject({
    type: 'text',
    text: expect.stringMatching(/^11月\d+日 周. \d\d:\d\d 前由.+回复，电话 [\d-]+$/),
  })
})
