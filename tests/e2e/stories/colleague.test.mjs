// −31 dBm: what one technician could not finish is given to another, who sees what was found; the lead reads both.
import assert from 'node:assert/strict'
import { Hub } from '../lib/hub.mjs'
import { story } from '../lib/story.mjs'
import { Album } from './album.mjs'
import { dayNumber, takePhoto } from './material.mjs'
import { atTheDesk, enrol, giveOut, handedIn, queueOf, window } from './office.mjs'
import * as step from './steps.mjs'

const NO = `${dayNumber()}-0461`

/** Too weak: a reason for the figure, and 挂起 with what comes next. */
async function suspend(device, photo) {
  await step.enter(device)
  await step.openPhase(device, 'work')
  await step.tick(device, 'form-shown')
  await device.tap('none-fees')
  await step.openPhase(device, 'test')
  await device.tap('slot-optical-after')
  await step.keyIn(device, '31')
  await device.see('超出范围')
  await device.tap('reason-optical-line-loss')
  await step.photograph(device, 'optical', photo)
  await device.tap('key-next')
  await step.rowIs(device, 'optical')
  await device.tap('open-missing')
  await device.tap('unfinished')
  await device.tap('outcome-reason-signal-out')
  await device.typeInto('next-step', '外线班查分光器，通了再约')
  await device.tap('outcome-confirm')
  await step.gone(device, 'sheet')
  await step.openPhase(device, 'sign')
  await step.nextDoes(device, 'handover')
  await step.giveFeedback(device, 'fair')
  await step.customerSigns(device)
  await step.handIn(device)
  await device.tap('visit-back')
  await handedIn(device)
}

/** The colleague reads what was found, and finishes. */
async function goOn(colleague, photo) {
  const album = new Album(colleague, 'zh-colleague')
  await colleague.see('吴先生', '未完工')
  await step.orderStep(colleague, 'revisit')
  await step.agreeTime(colleague)
  await step.checkKits(colleague, 2)
  await step.depart(colleague)
  await colleague.tap('prior-open')
  await colleague.see('之前上门记下的', '光功率', '−31', '光功率不达标，待查')
  await colleague.see('外线班查分光器，通了再约', '周建国')
  await album.both('prior')
  await colleague.tap('sheet-close')
  await step.gone(colleague, 'sheet')
  await colleague.tap('reach-downstairs')
  await colleague.tap('reach-at-door')
  await step.enter(colleague)
  await step.repair(colleague, photo)
  await colleague.tap('visit-back')
  await handedIn(colleague)
  album.done()
}

story(
  '−31 dBm: suspended, finished by a colleague on another tablet, both on the desk',
  { screen: 'turning', timeout: 600_000 },
  async (device) => {
    const weak = takePhoto(device.folder, '太弱', 6, { width: 1200, height: 1600, seed: 96 })
    const good = takePhoto(device.folder, '通了', 6, { width: 1200, height: 1600, seed: 97 })
    const hub = await Hub.open(device.folder)
    try {
      giveOut(hub, device, NO, '吴先生', '3107')
      await enrol(device, hub, hub.office('enrol', '3107'))
      await device.see('吴先生')
      await step.goToDoor(device)
      await suspend(device, weak)
      await device.quit()
      hub.office('assign', NO, '3108')
      await window(hub, '3108', { screen: 'turning' }, (colleague) => goOn(colleague, good))
      await atTheDesk(hub, async (lead) => {
        const desk = new Album(lead, 'zh-colleague-desk')
        await lead.see('周建国', '李志强')
        const rows = await queueOf(lead)
        assert.equal(rows.length, 2, rows.join('\n'))
        const suspended = rows.findIndex((row) => row.includes('周建国'))
        assert.ok(rows[suspended].includes('光功率不达标，待查'), rows[suspended])
        await lead.tap('周建国')
        await lead.see('未完工，挂起', '光功率 −31 dBm')
        await desk.take('suspended')
        await lead.tap('李志强')
        await lead.dontSee('未完工，挂起')
        await desk.take('finished')
        desk.done()
      })
    } finally {
      await hub.stop()
    }
  },
)
