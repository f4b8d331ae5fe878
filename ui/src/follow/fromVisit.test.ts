import { afterEach, expect, test } from 'vitest'
import type { FakeBackend } from '@/backend/fake'
import { inside, leave, settle, stage, type Stage } from '@/visit/testing'

let on: Stage | null = null
afterEach(() => leave(on))

/** Inside, with the row that records what could not be settled, as packs have it. */
async function asked(backend: FakeBackend, id: string): Promise<void> {
  await inside(backend, id)
  const rows = backend.world.visit(id).phases.flatMap((p) => p.items)
  const row = rows.find((i) => i.id === 'advice')
  if (row) row.id = 'issue-record'
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
