import { expect, test } from 'vitest'
import { fakeBackend } from '@/backend/fake'
import type { Milestone, PhaseView, VisitView } from '@/backend'
import { primaryOf } from './foot'

/** The visit of 14:00 with what stands at the door on two steps: 卸货 without, 进门 with the way in. */
async function twoDoors(...reached: Milestone[]): Promise<{ view: VisitView; unload: PhaseView }> {
  const backend = fakeBackend()
  const { visit } = await backend.openVisit('order/0412')
  for (const milestone of reached) await backend.act(visit, { do: 'reach', milestone, claim: null })
  const view = structuredClone(backend.world.visit(visit))
  const at = view.phases.findIndex((p) => p.id === 'door')
  const unload: PhaseView = { ...view.phases[at]!, id: 'unload', items: [] }
  view.phases.splice(at, 0, unload)
  return { view, unload }
}

test('before the door the way goes on from either step at the door', async () => {
  const { view, unload } = await twoDoors('departed')
  const way = { does: 'reach', milestone: 'downstairs', go: null }
  expect(primaryOf(view, unload)).toEqual(way)
  const door = view.phases.find((p) => p.id === 'door')!
  expect(primaryOf(view, door)).toEqual(way)
})

test('the way in is offered only where it stands; the step before leads there', async () => {
  const { view, unload } = await twoDoors('departed', 'at_door')
  expect(primaryOf(view, unload)).toEqual({ does: 'go', phase: 'door' })
  const door = view.phases.find((p) => p.id === 'door')!
  expect(primaryOf(view, door)).toMatchObject({ milestone: 'entered' })
})
