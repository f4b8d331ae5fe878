// The office and the windows that are enrolled there, for stories that go through the company's server.
import { Device } from '../lib/driver.mjs'
import { Hub } from '../lib/hub.mjs'
import { dayNumber, orderCells, writeOrders } from './material.mjs'
import * as step from './steps.mjs'

/** Types what the office wrote on the slip. */
export async function enrol(device, hub, code) {
  await device.typeInto('enrol-address', hub.address)
  await device.typeInto('enrol-code', code.toLowerCase().replaceAll('-', ''))
  await device.typeInto('start-pin', step.PIN)
  await device.typeInto('start-pin-again', step.PIN)
  await device.tap('start-office')
}

/** Another window, of somebody else, until `work` is done. */
export async function window(hub, staff, options, work) {
  const other = await Device.open(options)
  try {
    await enrol(other, hub, hub.office('enrol', staff))
    await work(other)
  } catch (error) {
    await other.shot(`failed-window-${staff}`).catch(() => {})
    throw error
  } finally {
    await other.close()
  }
}

/** The team lead's window on the desk. */
export const atTheDesk = (hub, work) => window(hub, '3100', { screen: 'desk' }, work)

/** Imports an order of a repair and gives it to somebody. */
export function giveOut(hub, device, no, customer, staff, more = {}) {
  const facts = { no, customer, job: '修障', service: '宽带修障', ...more }
  hub.office('import', writeOrders(device.folder, [orderCells(facts)], `${no}.csv`))
  hub.office('assign', no, staff)
}

/** A tablet of 周建国 with these orders (`[tail, customer, more facts]`), and the hub behind it, until `tell` is done. */
export async function atWork(device, orders, tell) {
  const hub = await Hub.open(device.folder)
  try {
    for (const [tail, customer, more] of orders)
      giveOut(hub, device, `${dayNumber()}-${tail}`, customer, '3107', more)
    await enrol(device, hub, hub.office('enrol', '3107'))
    for (const [, customer] of orders) await device.see(customer)
    await tell(hub)
  } finally {
    await hub.stop()
  }
}

/** Everything of this window is at the server. */
export const handedIn = (device) => device.see('已全部上传')

/** Asks the server now, without waiting for the next minute. */
export async function ask(device) {
  await device.tap('sync-chip')
  await device.tap('sync-go')
  await device.tap('sheet-close')
  await step.gone(device, 'sheet')
}

/** The chosen submission stands open on the desk, with its flags. */
export async function readsOnDesk(lead, tail) {
  await lead.tap(`desk-${tail}`)
  await step.has(lead, `[data-testid="desk-${tail}"][aria-selected="true"]`)
  await step.has(lead, '[data-testid="desk-flags"]')
  await lead.see(`本单 ${tail}`)
}

/** The customers in the queue, from the top. */
export const queueOf = (lead) =>
  lead.session.look(() =>
    [...document.querySelectorAll('[data-testid="desk-table"] tbody tr')].map((row) =>
      row.innerText.replace(/\s+/g, ' ').trim(),
    ),
  )
