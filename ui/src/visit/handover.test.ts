import { afterEach, describe, expect, test, vi } from 'vitest'
import { refuse } from '@/backend'
import { digestOf } from './handover/digest'
import { PATIENCE } from '@/testing'
import { inside, leave, NAME, settle, stage, write, type Stage } from './testing'

let on: Stage | null = null
afterEach(() => {
  leave(on)
  on = null
})

const open = (sealed = false) =>
  stage('handover', async (backend, id) => {
    await inside(backend, id)
    await backend.act(id, { do: 'start_handover' })
    if (!sealed) return
    const { survey } = backend.world.visit(id)
    const answers = Object.fromEntries(survey.map((q) => [q.id, q.options[0]?.id ?? '']))
    await backend.act(id, { do: 'give_feedback', feedback: { answers, words: null } })
  })

async function rate(s: Stage): Promise<void> {
  for (const q of s.view().survey) await s.tap(`survey-${q.id}-${q.options[0]?.id ?? ''}`)
}

async function pin(s: Stage, digits: string): Promise<void> {
  for (const d of digits) await s.tap(`pin-${d}`)
  await s.tap('pin-ok')
}

describe('feedback', () => {
  test('nothing is chosen for the customer, and confirming waits for every answer', async () => {
    on = await open()
    expect(document.querySelectorAll('.ask .choice.on')).toHaveLength(0)
    await on.tap('seal-feedback')
    expect(on.view().feedback_sealed).toBe(false)
    await rate(on)
    await on.tap('survey-talk')
    await on.type('survey-words', '师傅很细心')
    const act = vi.spyOn(on.backend, 'act')
    await on.tap('seal-feedback')
    expect(act.mock.calls[0]?.[1]).toMatchObject({ feedback: { words: '师傅很细心' } })
    expect(on.view().feedback_sealed).toBe(true)
    expect(on.has('sign-pad')).toBe(true)
  })
})

describe('the signature', () => {
  test('binds exactly what was shown, and the PIN gives the tablet back', async () => {
    on = await open(true)
    const sign = vi.spyOn(on.backend, 'customerSign')
    await on.tap('sign-confirm')
    expect(sign).not.toHaveBeenCalled()
    await on.tap('relation-customer')
    await write(NAME)
    await on.tap('sign-confirm')
    await vi.waitFor(() => expect(sign).toHaveBeenCalledTimes(1), PATIENCE)
    await settle()
    const request = sign.mock.calls[0]?.[1]
    expect(request).toMatchObject({ outcome: 'signed', signer: '林女士', relation: 'customer' })
    expect(request?.digest).toBe(await digestOf(on.view().attested))
    expect(request?.strokes?.width).toBe(1000)
    expect(request?.strokes?.strokes).toHaveLength(2)

    await on.router.push('/today')
    expect(on.router.currentRoute.value.name).toBe('handover')
    await pin(on, '1111')
    expect(on.text('pin-error')).toContain('4 次')
    expect(on.view().in_handover).toBe(true)
    await pin(on, '2468')
    await vi.waitFor(() => expect(on?.router.currentRoute.value.name).toBe('visit'), PATIENCE)
    expect(on.view().in_handover).toBe(false)
  })

  test('one dot is no signature, and 重写 empties the pad', async () => {
    on = await open(true)
    await on.tap('relation-family')
    await on.type('signer', '林建')
    await write([[[50, 50]]])
    await on.tap('sign-confirm')
    expect(on.view().customer_signature).toBeNull()
    expect(on.page.text()).toContain('写得太少')
    await write(NAME)
    await on.tap('sign-clear')
    await on.tap('sign-confirm')
    expect(on.view().customer_signature).toBeNull()
  })

  test('who refuses gives a reason and a number, and no ink is wanted', async () => {
    on = await open(true)
    await on.tap('sign-refuse')
    await on.tap('unsigned-confirm')
    expect(on.view().customer_signature).toBeNull()
    await on.type('unsigned-reason-words', '对收费不满')
    await on.type('unsigned-callback', '13812341234')
    await on.tap('unsigned-confirm')
    await vi.waitFor(() => expect(on?.view().customer_signature).not.toBeNull(), PATIENCE)
    expect(on.view().customer_signature).toMatchObject({ outcome: 'refused', reason: '对收费不满' })
  })

  test('somebody who signs for the customer does so on the pad, with the reason', async () => {
    on = await open(true)
    await on.tap('relation-family')
    await on.type('signer', '林建')
    await on.tap('sign-cannot')
    await on.tap('unsigned-proxy')
    await on.type('unsigned-reason-words', '手受伤')
    await on.type('unsigned-callback', '13812341234')
    await on.tap('unsigned-confirm')
    expect(on.view().customer_signature).toBeNull()
    await write(NAME)
    await on.tap('sign-confirm')
    await vi.waitFor(() => expect(on?.view().customer_signature).not.toBeNull(), PATIENCE)
    expect(on.view().customer_signature).toMatchObject({
      outcome: 'proxy',
      signer: '林建',
      reason: '手受伤',
    })
  })

  test('content that changed meanwhile is said, not signed', async () => {
    on = await open(true)
    vi.spyOn(on.backend, 'customerSign').mockRejectedValueOnce(refuse('content_stale'))
    await on.tap('relation-customer')
    await write(NAME)
    const shown = on.view()
    shown.attested = { ...shown.attested, service: '宽带 500M' }
    await on.tap('sign-confirm')
    await vi.waitFor(() => expect(on?.has('error-notice')).toBe(true), PATIENCE)
    expect(on.text('error-what')).toContain('内容又变了')
    expect(on.has('sign-pad')).toBe(true)
    await vi.waitFor(() => expect(on?.text('handover')).toContain('宽带 500M'), PATIENCE)
  })

  test('the customer reads words of their own; recorded are the company’s', async () => {
    on = await open(true)
    await on.tap('sign-refuse')
    const shown = document.querySelector('[data-testid="unsigned-reason-hand"]')?.closest('label')
    expect(shown?.textContent).toContain('我写字不方便')
    await on.tap('unsigned-reason-hand')
    await on.type('unsigned-callback', '13812341234')
    await on.tap('unsigned-confirm')
    await vi.waitFor(() => expect(on?.view().customer_signature).not.toBeNull(), PATIENCE)
    expect(on.view().customer_signature?.reason).toBe('手不方便')
  })
})

describe('the lock', () => {
  test('a visit in hand-over opens straight into hand-over after a restart', async () => {
    on = await stage('door', async (backend, id) => {
      await inside(backend, id)
      await backend.act(id, { do: 'start_handover' })
    })
    await vi.waitFor(() => expect(on?.router.currentRoute.value.name).toBe('handover'), PATIENCE)
    await on.router.push('/settings')
    expect(on.router.currentRoute.value.name).toBe('handover')
  })

  test('the technician can take the tablet back before anything was given', async () => {
    on = await open()
    await on.tap('handback')
    await on.tap('handback-cancel')
    expect(on.has('seal-feedback')).toBe(true)
    await on.tap('handback')
    await pin(on, '2468')
    await vi.waitFor(() => expect(on?.view().in_handover).toBe(false), PATIENCE)
  })
})
