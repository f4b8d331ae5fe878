// 中国移动, nobody opens: a change that was told too late, knock, wait, call in vain, leave a note, photograph it, hand in.
import assert from 'node:assert/strict'
import { until } from '../lib/driver.mjs'
import { story } from '../lib/story.mjs'
import { Album } from './album.mjs'
import { dayNumber, localTime, orderCells, takePhoto } from './material.mjs'
import * as step from './steps.mjs'
import { readTicket, saveTicket } from './ticket.mjs'

const NO = `${dayNumber()}-0423`

/** Stuck in traffic: the time is moved at short notice. Two hours are asked for; what is missing of them stays on record. */
async function comeLater(device, album) {
  await device.tap('change-time')
  await step.has(device, '[data-testid="notice-deadline"].breach')
  await device.typeInto('slot-time', localTime(9).slice(11))
  await device.tap('reason-traffic')
  await device.tap('agree-by-customer')
  await album.take('notice')
  await device.tap('agree-save')
  await step.gone(device, 'sheet')
}

/** What both copies say, and what only the company reads. */
function checkCopies(ticket) {
  for (const text of [ticket.customer, ticket.company]) {
    step.says(
      text,
      '服务质量记录表',
      NO,
      '无人',
      '郑女士',
      '改约',
      '到访留言',
      '周建国 0571-88001234',
    )
  }
  step.says(ticket.company, '提前通知不足（分钟）', 'S37-14', '责任：客户', '对门说一家人出去了')
  step.keepsSilent(ticket.customer, '提前通知不足', 'S37-14', '责任：', '对门说一家人出去了')
  // the agreed time was kept: five to ten minutes before it somebody stood at the door
  step.keepsSilent(ticket.company, '不在规定时间内')
}

story(
  'nobody home: a change told too late, a call in vain, a leave-note at the door, handed in as 无人',
  { screen: 'turning' },
  async (device) => {
    const album = new Album(device, 'zh-nobody')
    const note = takePhoto(device.folder, '留言', 6, { width: 1200, height: 1600, seed: 31 })
    await step.register(device)
    const facts = { customer: '郑女士', start: localTime(5) }
    await step.importOrders(device, [orderCells({ no: NO, ...facts })])
    await step.agreeTime(device)
    await comeLater(device, album)
    await step.checkKits(device, 2)
    await step.depart(device)
    await device.tap('reach-downstairs')
    await device.tap('reach-at-door')
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
    checkCopies(ticket)
    assert.equal(ticket.photos.length, 1)
    assert.ok(ticket.photos[0].height > ticket.photos[0].width, 'the note stands upright')
    await device.tap('visit-back')
    await device.see('无人', '未完工 1')
    album.done()
  },
)
