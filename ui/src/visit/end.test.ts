import { afterEach, describe, expect, test, vi } from 'vitest'
import { refuse } from '@/backend'
import { PATIENCE } from '@/testing'
import { inside, leave, NAME, stage, write, type Stage } from './testing'

// drawing needs a real canvas; the pages are looked at in the window
vi.mock('./ticket/pdf', () => ({
  openTicket: async () => ({ pages: 2, draw: async () => undefined, close: () => undefined }),
}))

let on: Stage | null = null
afterEach(() => {
  leave(on)
  on = null
})

describe('what is missing', () => {
  test('is counted, keeps submit grey, and shrinks with every tap', async () => {
    on = await stage('missing', inside)
    const left = on.view().missing.length
    expect(on.text('missing-title')).toBe(`还差 ${left} 项就能提交`)
    const submit = document.querySelector<HTMLButtonElement>('[data-testid="submit"]')
    expect(submit?.disabled).toBe(true)
    await on.tap('need-no-fees')
    expect(on.view().no_fees).toBe(true)
    expect(on.text('missing-title')).toBe(`还差 ${on.view().missing.length} 项就能提交`)
    expect(on.view().missing.length).toBeLessThan(left)
  })

  test('a thing that cannot be done here leads to its step', async () => {
    on = await stage('missing', inside)
    const lines = [...document.querySelectorAll<HTMLElement>('.need')]
    const reading = lines.find((line) => line.textContent?.includes('光功率'))
    reading?.querySelector<HTMLElement>('button')?.click()
    await vi.waitFor(
      () => expect(on?.router.currentRoute.value.params.phase).toBe('test'),
      PATIENCE,
    )
  })

  test('a missing photo is taken right in the list', async () => {
    on = await stage('missing', async (backend, id) => {
      await inside(backend, id)
      const answer = {
        type: 'reading' as const,
        values: { after: { value: '-21.6', reason: null } },
      }
      await backend.act(id, { do: 'answer', item: { item: 'optical', answer }, claim: null })
    })
    const photo = document.querySelector<HTMLElement>('.need[data-how="photo"] input')
    const before = on.view().photo_count
    await on.files(photo?.dataset.testid ?? '', 'cable.jpg')
    expect(on.view().photo_count).toBe(before + 1)
  })

  test('未完工 names the reason, whose it is, and the next step', async () => {
    on = await stage('missing', inside)
    await on.tap('unfinished')
    await on.tap('outcome-confirm')
    expect(on.view().outcome).toBeNull()
    const chip = on.view().reasons.suspend[0]
    await on.tap(`outcome-reason-${chip?.id ?? ''}`)
    await on.type('next-step', '外线班查分光器')
    await on.tap('outcome-confirm')
    expect(on.view().outcome).toMatchObject({
      kind: 'suspended',
      reason: chip?.text,
      next_step: '外线班查分光器',
      not_ours: chip?.not_ours,
      call_back_by: null,
    })
  })

  test('拒签 can be recorded without the customer at the tablet', async () => {
    on = await stage('missing', inside)
    await on.tap('need-unsigned')
    await on.tap('unsigned-refused')
    await on.type('unsigned-reason-words', '不愿意签')
    await on.type('unsigned-callback', '13812341234')
    await on.tap('unsigned-confirm')
    await vi.waitFor(() => expect(on?.view().customer_signature?.outcome).toBe('refused'), PATIENCE)
  })
})

describe('after the customer', () => {
  const signed = async (backend: Stage['backend'], id: string) => {
    await inside(backend, id)
    const { attested } = await backend.visit(id)
    await backend.customerSign(id, {
      outcome: 'refused',
      signer: attested.customer,
      relation: 'customer',
      strokes: null,
      reason: '不愿意签',
      callback: '13812341234',
      digest: '',
    })
  }

  test('the technician signs on a pad of their own', async () => {
    on = await stage('sign', signed)
    await on.tap('phase-next')
    await on.tap('technician-confirm')
    expect(on.view().technician_signed_at).toBeNull()
    await write(NAME)
    await on.tap('technician-confirm')
    expect(on.view().technician_signed_at).not.toBeNull()
    expect(on.has('sign-pad')).toBe(false)
  })

  test('signed rows say that they are, and open again only with a reason', async () => {
    on = await stage('door', signed)
    const row = on
      .view()
      .phases.find((p) => p.id === 'door')
      ?.items.find((i) => i.frozen)
    await on.tap(`detail-${row?.id ?? ''}`)
    await on.tap('reopen')
    await on.type('reason-words', 'SN 抄错了')
    await on.tap('reason-confirm')
    expect(on.view().customer_signature).toBeNull()
  })
})

describe('the ticket', () => {
  const submitted = async (backend: Stage['backend'], id: string) => {
    const view = backend.world.visit(id)
    view.outcome = { kind: 'completed' }
    view.submissions.push({
      n: 1,
      at: backend.world.now,
      outcome: { kind: 'completed' },
      digest: 'ab',
    })
    view.delivery_pending = true
    vi.spyOn(backend, 'ticket').mockResolvedValue({
      name: 't.pdf',
      pages: 2,
      bytes: 48_000,
      missing: ['𬱖'],
      pdf_base64: '',
    })
  }

  test('the copy is pending in sight until its delivery is recorded', async () => {
    on = await stage('ticket', submitted)
    expect(on.has('copy-pending')).toBe(true)
    await on.tap('delivery-printed')
    expect(on.view().delivery).toEqual({ how: 'printed', note: null })
    expect(on.has('copy-pending')).toBe(false)
  })

  test('a submitted visit opens as its ticket', async () => {
    on = await stage('', submitted)
    await vi.waitFor(() => expect(on?.router.currentRoute.value.name).toBe('ticket'), PATIENCE)
  })

  test('where it was saved is shown, and characters without a font are named', async () => {
    on = await stage('ticket', submitted)
    expect(on.text('missing-glyphs')).toContain('𬱖')
    await on.tap('ticket-save')
    expect(on.text('saved-path')).toContain('.pdf')
  })

  test('no printer is a sentence, and the ticket stays', async () => {
    on = await stage('ticket', submitted)
    vi.spyOn(on.backend, 'printTicket').mockRejectedValue(refuse('print_failed'))
    await on.tap('ticket-print')
    expect(document.querySelector('[data-testid="error-notice"]')?.getAttribute('data-code')).toBe(
      'print_failed',
    )
    expect(on.has('ticket-save')).toBe(true)
  })
})
