import { afterEach, describe, expect, test, vi } from 'vitest'
import { refuse } from '@/backend'
import { isoDate } from '@/lib/format'
import { inside, leave, settle, stage, type Stage } from './testing'

let on: Stage | null = null
afterEach(() => {
  leave(on)
  on = null
})

const answered = (s: Stage, item: string) =>
  s
    .view()
    .phases.flatMap((p) => p.items)
    .find((i) => i.id === item)

describe('walking the rows', () => {
  test('a tick shows its time, and 撤销 takes it back', async () => {
    on = await stage('door')
    expect(on.has('undo')).toBe(false)
    await on.tap('tick-badge-shown')
    expect(answered(on, 'badge-shown')?.answer).toEqual({ type: 'tick' })
    expect(on.text('item-badge-shown')).toContain('13:22')
    await on.tap('undo')
    expect(answered(on, 'badge-shown')?.answer).toBeNull()
    expect(on.has('undo')).toBe(false)
  })

  test('what must come first is said before the tap, and the row cannot be ticked', async () => {
    on = await stage('door')
    expect(on.text('item-consent')).toContain('先做：出示带「中国移动」标志的工号牌')
    await on.tap('tick-consent')
    expect(answered(on, 'consent')?.answer).toBeNull()
    await on.tap('tick-badge-shown')
    expect(on.text('item-consent')).not.toContain('先做')
    await on.tap('tick-consent')
    expect(answered(on, 'consent')?.answer).toEqual({ type: 'tick' })
  })

  test('有出入 wants words', async () => {
    on = await stage('door')
    await on.tap('mismatch-verified')
    await on.tap('reason-confirm')
    expect(answered(on, 'verified')?.answer).toBeNull()
    await on.type('reason-words', '门牌是 1202')
    await on.tap('reason-confirm')
    expect(answered(on, 'verified')?.answer).toEqual({ type: 'mismatch', note: '门牌是 1202' })
    expect(on.text('item-verified')).toContain('有出入：门牌是 1202')
  })

  test('本步全部做到 ticks the plain rows and says how many', async () => {
    on = await stage('door')
    await on.tap('tick-phase')
    expect(answered(on, 'introduced')?.answer).toEqual({ type: 'tick' })
    expect(answered(on, 'entered')?.status).toBe('open')
    expect(on.has('tick-phase')).toBe(false)
  })

  test('a tap that was refused is not shown as done, and the reason is', async () => {
    on = await stage('door')
    vi.spyOn(on.backend, 'act').mockRejectedValueOnce(refuse('disk_full'))
    await on.tap('tick-badge-shown')
    expect(document.querySelector('[data-testid="tick-badge-shown"]')?.className).not.toContain(
      'on',
    )
    expect(document.querySelector('[data-testid="error-notice"]')?.getAttribute('data-code')).toBe(
      'disk_full',
    )
    await on.tap('tick-badge-shown')
    expect(on.has('error-notice')).toBe(false)
  })

  test('补录 keeps the claimed time and the reason beside the tick', async () => {
    on = await stage('door')
    await on.tap('detail-badge-shown')
    await on.tap('late-badge-shown')
    await on.type('late-at', '13:05')
    await on.tap('late-reason-paper')
    await on.tap('late-confirm')
    expect(answered(on, 'badge-shown')?.late?.reason).toBe('先记在纸上')
    expect(on.text('item-badge-shown')).toContain('补录 13:05')
  })

  test('补录 reaches back to the day it happened, and never into the future', async () => {
    on = await stage('door')
    await on.tap('detail-badge-shown')
    await on.tap('late-badge-shown')
    expect(on.text('late-day')).toBe('今天')
    expect(document.querySelector('[data-testid="late-day-after"]')?.hasAttribute('disabled')).toBe(
      true,
    )
    await on.tap('late-day-before')
    await on.tap('late-day-before')
    await on.tap('late-day-after')
    expect(on.text('late-day')).toBe('昨天')
    await on.type('late-at', '16:05')
    await on.tap('late-reason-battery')
    await on.tap('late-confirm')
    const late = answered(on, 'badge-shown')?.late
    expect(late && isoDate(late.at)).toBe('2026-11-21')
    expect(on.text('item-badge-shown')).toContain('11月21日')
  })

  test('the step in hand is remembered and found again', async () => {
    on = await stage('door')
    await on.tap('phase-work')
    expect(await on.backend.place(on.id)).toBe('work')
    await on.router.push(`/visit/${on.id}`)
    await settle()
    await on.router.push('/settings')
    await on.router.push(`/visit/${on.id}`)
    await settle()
    expect(on.router.currentRoute.value.params.phase).toBe('work')
  })
})

describe('photos', () => {
  test('several are taken in, and a deleted one leaves the row', async () => {
    on = await stage('door')
    await on.files('photo-prior-damage', 'a.jpg', 'b.jpg')
    expect(answered(on, 'prior-damage')?.photos).toHaveLength(2)
    await on.tap(`thumb-${answered(on, 'prior-damage')?.photos[0]?.id ?? ''}`)
    expect(on.has('photo-preview')).toBe(true)
    await on.tap('photo-remove')
    expect(answered(on, 'prior-damage')?.photos).toHaveLength(1)
    await on.tap('photo-close')
    expect(on.has('photo-preview')).toBe(false)
  })

  test('the second file is not sent when the first was refused', async () => {
    on = await stage('door')
    const add = vi.spyOn(on.backend, 'addPhoto').mockRejectedValue(refuse('photo_heic'))
    await on.files('photo-prior-damage', 'a.heic', 'b.jpg')
    expect(add).toHaveBeenCalledTimes(1)
    expect(on.text('error-what').length).toBeGreaterThan(3)
  })
})

describe('readings', () => {
  test('optical power is typed without a minus and saved with one', async () => {
    on = await stage('test', inside)
    for (const key of ['2', '1', 'dot', '6']) await on.tap(`key-${key}`)
    expect(on.text('item-optical')).toContain('在范围内')
    await on.tap('key-next')
    expect(answered(on, 'optical')?.answer).toEqual({
      type: 'reading',
      values: { after: { value: '-21.6', reason: null } },
    })
    // 下一项 opened the next reading
    expect(on.has('reading-speed')).toBe(true)
    expect(on.text('item-optical')).toContain('−21.6')
  })

  test('out of limits is kept and asks why', async () => {
    on = await stage('test', inside)
    await on.type('reading-optical', '31')
    expect(on.has('reading-outside')).toBe(true)
    await on.tap('reason-optical-' + (on.view().reasons.reading[0]?.id ?? ''))
    const answer = answered(on, 'optical')?.answer
    expect(answer).toEqual({
      type: 'reading',
      values: { after: { value: '-31', reason: on.view().reasons.reading[0]?.text } },
    })
  })

  test('before and after are two slots of one reading', async () => {
    on = await stage('test', inside)
    await on.tap('slot-optical-before')
    await on.type('reading-optical', '24.3')
    await on.tap('slot-optical-after')
    await on.type('reading-optical', '21.6')
    await on.tap('key-next')
    const answer = answered(on, 'optical')?.answer
    expect(answer?.type === 'reading' && answer.values).toMatchObject({
      before: { value: '-24.3' },
      after: { value: '-21.6' },
    })
  })
})

describe('rows', () => {
  test('a scanner that types and presses Enter fills a device row', async () => {
    on = await stage('work', async (backend, id) => {
      await inside(backend, id)
      await backend.act(id, {
        do: 'answer',
        item: { item: 'form-shown', answer: { type: 'tick' } },
        claim: null,
      })
    })
    await on.tap('add-devices')
    await on.type('row-name', '智能光猫 G-2101')
    await on.type('row-sn', 'sn:48db2a7c1907')
    const sn = document.querySelector('[data-testid="row-sn"]')
    sn?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
    await settle()
    expect(document.activeElement?.getAttribute('data-testid')).toBe('row-mac')
    await on.type('row-mac', '48db2a7c1907')
    await on.tap('row-save')
    expect(on.view().devices[0]?.row).toEqual({
      list: 'devices',
      name: '智能光猫 G-2101',
      sn: '48DB2A7C1907',
      mac: '48:DB:2A:7C:19:07',
      action: 'installed',
    })
    await on.tap('action-devices-0-replaced')
    expect(on.view().devices[0]?.row).toMatchObject({ action: 'replaced' })
  })

  test('a fee is told, then agreed, then saved; 本次未收费 gives way', async () => {
    on = await stage('work', inside)
    await on.tap('none-fees')
    expect(on.view().no_fees).toBe(true)
    await on.tap('add-fees')
    expect(on.view().no_fees).toBe(false)
    await on.type('row-name', '加长皮线')
    await on.type('row-price', '3.5')
    await on.type('row-quantity', '10')
    await on.tap('row-save')
    expect(on.view().fees).toHaveLength(0)
    await on.tap('row-told')
    await on.tap('row-agreed')
    await on.tap('row-save')
    expect(on.view().fees[0]?.row).toMatchObject({ unit_price: '3.5', quantity: '10' })
    expect(on.text('item-fees')).toContain('告知')
  })

  test('a question switches rows on', async () => {
    on = await stage('work', inside)
    const before = on.has('item-moved-consent')
    await on.tap('fact-moved-yes')
    expect(before).toBe(false)
    expect(on.has('item-moved-consent')).toBe(true)
  })
})

describe('at the door', () => {
  test('each point of the way is its own button, the entry waits for what must come first', async () => {
    on = await stage('door', async (backend, id) => {
      await backend.act(id, { do: 'reach', milestone: 'departed', claim: null })
    })
    await on.tap('reach-downstairs')
    await on.tap('reach-at-door')
    expect(on.has('door-wait')).toBe(true)
    expect(on.has('reach-entered')).toBe(false)
    expect(on.text('phase-next')).toBe('进门前先做：出示带「中国移动」标志…')
    await on.tap('phase-next')
    expect(on.router.currentRoute.value.params.phase).toBe('door')
    expect(document.activeElement?.closest('[data-testid="item-badge-shown"]')).not.toBeNull()
    for (const row of ['badge-shown', 'consent', 'covers-on']) await on.tap(`tick-${row}`)
    await on.tap('reach-entered')
    expect(on.view().milestones.map((m) => m.milestone)).toEqual([
      'departed',
      'downstairs',
      'at_door',
      'entered',
    ])
  })

  test('who stands on the step of the door without having left is led back to leaving', async () => {
    on = await stage('door')
    expect(on.text('phase-next')).toBe('下一步：出发前')
    await on.tap('phase-next')
    expect(on.router.currentRoute.value.params.phase).toBe('depart')
  })

  test('a departure entered later asks for the kits first, and enters both with the time of then', async () => {
    on = await stage('door', async (backend) => backend.world.useUp('shoe-covers'))
    const check = vi.spyOn(on.backend, 'checkKit')
    await on.tap('late-departed')
    await on.type('late-at', '12:40')
    await on.tap('late-reason-battery')
    await on.tap('late-confirm')
    expect(on.view().milestones).toEqual([])
    expect(on.has('kit-save')).toBe(true)
    await on.tap('kit-save')
    expect(check.mock.calls[0]?.[3]?.reason).toBe('平板没电')
    expect(on.view().milestones[0]?.claim?.reason).toBe('平板没电')
    expect(on.has('kit-save')).toBe(false)
  })

  test('an arrival that was entered later says so beside its time', async () => {
    const arrived = (claimed: boolean) =>
      stage('door', async (backend, id) => {
        await backend.act(id, { do: 'reach', milestone: 'departed', claim: null })
        const at = { ...backend.world.now, ms: backend.world.now.ms - 60_000 }
        const claim = claimed ? { at, reason: '先记在纸上' } : null
        await backend.act(id, { do: 'reach', milestone: 'at_door', claim })
      })
    on = await arrived(false)
    expect(on.has('arrival-claimed')).toBe(false)
    leave(on)
    on = await arrived(true)
    expect(on.text('arrival-claimed')).toBe('补录')
  })

  test('nobody home: an unanswered call, the note, its photo, and only then the end', async () => {
    on = await stage('door', async (backend, id) => {
      for (const milestone of ['departed', 'at_door'] as const)
        await backend.act(id, { do: 'reach', milestone, claim: null })
    })
    await on.tap('nobody-home')
    await on.tap('nobody-cause-customer')
    await on.tap('nobody-record')
    expect(on.view().nobody_home).toBeNull()
    await on.tap('nobody-call')
    await on.tap('call-result-no_answer')
    await on.tap('call-log')
    await on.tap('nobody-minor')
    await on.tap('nobody-cause-customer')
    await on.tap('nobody-record')
    expect(on.view().nobody_home).toMatchObject({
      cause: 'customer',
      note: '只有未成年人在家，没有进门',
    })
    expect(on.text('sheet')).toContain('客户信息不要写在留言上')
    const act = vi.spyOn(on.backend, 'act')
    await on.tap('nobody-submit')
    expect(act).not.toHaveBeenCalled()
    await on.files('photo-leave-note', 'note.jpg')
    await on.tap('nobody-submit')
    expect(act).toHaveBeenCalledWith(on.id, { do: 'submit' })
  })
})
