// Nobody opens: knock, wait, call in vain, leave a note, photograph it, hand in.
import assert from 'node:assert/strict'
import { until } from '../lib/driver.mjs'
import { story } from '../lib/story.mjs'
import { dayNumber, orderCells, takePhoto } from './material.mjs'
import * as step from './steps.mjs'
import { readTicket, saveTicket } from './ticket.mjs'

const NO = `${dayNumber()}-0423`

story(
  'nobody home: a call in vain, a leave-note at the door, handed in as 无人',
  async (device) => {
    const note = takePhoto(device.folder, '留言', 6, { width: 1200, height: 1600, seed: 31 })
    await step.register(device)
    await step.importOrders(device, [orderCells({ no: NO, customer: '郑女士' })])
    await step.goToDoor(device)
    // the wait at the door counts down
    await device.see('轻敲门，等')
    const left = async () => Number((await device.words()).match(/轻敲门，等 (\d+) 秒/)?.[1] ?? 0)
    const first = await left()
    await until('the countdown moves', async () => (await left()) < first)

    await device.tap('nobody-home')
    // without a call nothing can be noted
    await device.see('先给客户打电话，没人接才能记')
    await step.has(device, '[data-testid="nobody-record"]:disabled')
    await device.tap('nobody-call')
    await step.has(device, '[data-testid="phone-number"]')
    await device.tap('call-result-no_answer')
    await device.tap('call-log')
    await device.see('电话打过，没人接')
    await device.tap('nobody-cause-customer')
    await device.typeInto('nobody-note', '对门说一家人出去了')
    await device.tap('nobody-record')
    await device.see('客户信息不要写在留言上')
    await step.has(device, '[data-testid="nobody-submit"]:disabled')
    await step.photograph(device, 'leave-note', note)
    await device.tap('nobody-submit')
    await step.has(device, '[data-testid="ticket-page"]')
    await device.see('无人')

    const ticket = readTicket(device, await saveTicket(device, 'nobody-home'))
    step.says(ticket.text, NO, '无人', '郑女士')
    assert.equal(ticket.photos.length, 1)
    assert.ok(ticket.photos[0].height > ticket.photos[0].width, 'the note stands upright')
    await device.tap('visit-back')
    await device.see('无人', '未完工 1')
  },
)
