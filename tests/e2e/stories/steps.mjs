// Steps that several stories share, told as a technician does them.
import assert from 'node:assert/strict'
import { until } from '../lib/driver.mjs'
import { writeOrders } from './material.mjs'

export const PIN = '2580'

const selector = (id, more = '') => `[data-testid="${id}"]${more}`

/** Waits until the page has something that matches. */
export async function has(device, css) {
  const look = (query) => document.querySelector(query) !== null
  await until(
    async () => `${css} on the page. It says:\n${await device.words()}`,
    () => device.session.look(look, css),
  )
}

/** Waits until something has gone. */
export const gone = (device, id) =>
  until(`${id} has gone`, () =>
    device.session.look((query) => document.querySelector(query) === null, selector(id)),
  )

/** First start for real: the technician registers. */
export async function register(device) {
  await device.tap('start-alone')
  await device.typeInto('start-name', '周建国')
  await device.typeInto('start-staff', '3107')
  await device.typeInto('start-phone', '0571-88001234')
  await device.typeInto('start-pin', PIN)
  await device.typeInto('start-pin-again', PIN)
  await device.tap('start-real')
  await has(device, selector('today-empty'))
}

/** Imports orders from a file that dispatch wrote. */
export async function importOrders(device, rows) {
  await device.tap('empty-import')
  await device.upload('import-file', writeOrders(device.folder, rows))
  await device.see('GB18030')
  await device.tap('import-commit')
  await has(device, selector('import-done'))
  await device.tap('import-to-today')
}

/** The order's one blue button, when it stands for `step`. */
export async function orderStep(device, step) {
  await has(device, selector('order-primary', `[data-step="${step}"]`))
  await device.tap('order-primary')
}

/** Calls, is answered, and agrees the time that dispatch promised. */
export async function agreeTime(device, { note = '' } = {}) {
  await orderStep(device, 'contact')
  await has(device, selector('phone-number'))
  await device.tap('call-result-answered')
  if (note) await device.typeInto('call-note', note)
  await device.tap('call-log')
  await device.tap('agree-by-customer')
  await device.tap('agree-save')
  await gone(device, 'sheet')
}

/** The open kit is complete: the next one is asked, or the sheet closes. */
export async function saveKit(device) {
  const title = () => document.querySelector('[data-testid="sheet"] h2')?.textContent ?? ''
  const before = await device.session.look(title)
  await device.tap('kit-save')
  await until('the kit is settled', async () => (await device.session.look(title)) !== before)
}

/** As many kits as have to be checked are complete. */
export async function checkKits(device, kits) {
  await orderStep(device, 'kit')
  for (let kit = 0; kit < kits; kit += 1) await saveKit(device)
  await gone(device, 'sheet')
}

/** Leaves the depot and opens the visit at the door. */
export async function depart(device) {
  await orderStep(device, 'depart')
  await orderStep(device, 'arrive')
  await has(device, selector('door-panel'))
}

/** From the first call to the door's outside. */
export async function goToDoor(device, kits = 2) {
  await agreeTime(device)
  await checkKits(device, kits)
  await depart(device)
  await device.tap('reach-downstairs')
  await device.tap('reach-at-door')
}

/** Waits until a row is in this state. */
export const rowIs = (device, item, status = 'done') =>
  has(device, selector(`item-${item}`, `[data-status="${status}"]`))

/** Ticks rows one by one. */
export async function tick(device, ...items) {
  for (const item of items) {
    await device.tap(`tick-${item}`)
    await rowIs(device, item)
  }
}

/** Opens a step of the visit. */
export async function openPhase(device, phase) {
  await device.tap(`phase-${phase}`)
  await has(device, selector(`phase-${phase}`, '[aria-current="step"]'))
}

/** How many pictures stand at a row. */
const thumbs = (device, name) =>
  device.session.look((id) => {
    const field = document.querySelector(`[data-testid="photo-${CSS.escape(id)}"]`)
    return field?.closest('.tiles')?.querySelectorAll('[data-testid^="thumb-"]').length ?? -1
  }, name)

/** Photographs for a row, and waits until the picture stands there. */
export async function photograph(device, name, file) {
  await device.upload(`photo-${name}`, file)
  await until(`a picture at ${name}`, async () => (await thumbs(device, name)) > 0)
}

/** Waits until so many pictures stand at a row. */
export const photosAre = (device, name, count) =>
  until(`${count} pictures at ${name}`, async () => (await thumbs(device, name)) === count)

/** Opens the newest picture of a row in full. */
export async function lookAtPhoto(device, name) {
  const find = (id) =>
    document
      .querySelector(`[data-testid="photo-${CSS.escape(id)}"]`)
      ?.closest('.tiles')
      ?.querySelector('[data-testid^="thumb-"]:last-of-type')?.dataset.testid
  await device.tap(await until(`a picture at ${name}`, () => device.session.look(find, name)))
  await has(device, selector('photo-preview'))
}

/** Removes the picture that is open in full, the only one of its row. */
export async function removePhoto(device, name) {
  await device.tap('photo-remove')
  await gone(device, 'photo-preview')
  assert.equal(await thumbs(device, name), 0)
}

/** 补录 in the open sheet: so many steps of five minutes back, and why. Gives the stated time, such as 13:52. */
export async function claim(device, { steps, reason }) {
  for (let n = 0; n < steps; n += 1) await device.tap('late-at-earlier')
  await device.tap(`late-reason-${reason}`)
  const read = () => document.querySelector('[data-testid="late-at"]').value
  const stated = await device.session.look(read)
  await device.tap('late-confirm')
  await gone(device, 'sheet')
  return stated
}

/** Opens 补录 from a row's details. */
export async function openLate(device, item) {
  await device.tap(`detail-${item}`)
  await device.tap(`late-${item}`, { within: 'sheet' })
  await has(device, selector('late-at'))
}

/** Ticks everything of the open step that can be ticked at once. */
export async function tickPhase(device) {
  await device.tap('tick-phase')
  await gone(device, 'tick-phase')
}

/** Answers questions: `{ leak: true }`. */
export async function answerQuestions(device, answers) {
  for (const [fact, yes] of Object.entries(answers)) {
    const button = `fact-${fact}-${yes ? 'yes' : 'no'}`
    await device.tap(button)
    await has(device, selector(button, '[aria-pressed="true"]'))
  }
}

/** Writes the words of rows: `{ cause: '…' }`. */
export async function write(device, rows) {
  for (const [item, words] of Object.entries(rows)) {
    await device.typeInto(`text-${item}`, words)
    await device.tap(`save-${item}`)
    await rowIs(device, item)
  }
}

/** A row does not apply, for one of the standard's reasons. */
export async function notApplicable(device, item, reason) {
  await device.tap(`na-${item}`)
  await device.tap(`reason-${reason}`)
  await device.tap('reason-confirm')
  await rowIs(device, item, 'not_applicable')
}

/** From the door's outside to the inside: everything that can be ticked, then the step over the threshold. */
export async function stepInside(device) {
  await openPhase(device, 'door')
  await tickPhase(device)
  await device.tap('reach-entered')
  // where nothing is left to do at the door, the next step stands there already
  await gone(device, 'reach-entered')
}

/** Chooses a day such as 2025-05-03: year, month, day. */
export async function pickDate(device, field, iso) {
  const [year, month, day] = iso.split('-').map(Number)
  await device.tap(field)
  await device.tap(`date-year-${year}`)
  await device.tap(`date-month-${month}`)
  await device.tap(`date-day-${day}`)
  await gone(device, 'sheet')
}

/** In the settings: the day from which a piece of one's own gear counts. */
export async function recordGear(device, piece, since) {
  const standing = () => wordsOf(device, `gear-${piece}`)
  await has(device, selector(`gear-${piece}`))
  const before = await standing()
  await pickDate(device, `gear-since-${piece}`, since)
  await until(`${piece} is recorded`, async () => (await standing()) !== before)
}

/** A page is open beside Today; goes back. */
export async function backToToday(device) {
  await device.tap('back-today')
  await has(device, selector('today-search'))
}

/** Types a figure on the keypad of the open reading. */
export async function keyIn(device, figure) {
  for (const key of figure) await device.tap(key === '.' ? 'key-dot' : `key-${key}`)
}

/**
 * Types readings one after the other, as 下一项 leads on: `[['working-current', { before: '7.31' }], …]`. The first is open.
 * Readings that want a photo as well are `partial` until then.
 */
export async function measureOn(device, readings, status = 'done') {
  for (const [item, slots] of readings) {
    await has(device, selector(`reading-${item}`))
    for (const [slot, figure] of Object.entries(slots)) {
      await device.tap(`slot-${item}-${slot}`)
      await keyIn(device, figure)
    }
    await device.tap('key-next')
  }
  for (const [item] of readings) await rowIs(device, item, status)
}

/** Adds a device row. */
export async function addDevice(device, { name, sn, mac = '' }) {
  await device.tap('add-devices')
  await device.typeInto('row-name', name)
  await device.typeInto('row-sn', sn)
  if (mac) await device.typeInto('row-mac', mac)
  await device.tap('row-save')
  await gone(device, 'sheet')
}

/** Adds a material row. */
export async function addMaterial(device, { name, quantity, unit }) {
  await device.tap('add-materials')
  await device.typeInto('row-name', name)
  await device.typeInto('row-quantity', quantity)
  await device.typeInto('row-unit', unit)
  await device.tap('row-save')
  await gone(device, 'sheet')
}

/** Tells the customer a fee, is told yes, and writes it down. `listed`: a price of the standard's own list. */
export async function addFee(device, { name, price, listed, quantity = '1' }) {
  await device.tap('add-fees')
  if (listed) await device.tap(`price-${listed}`)
  else {
    await device.typeInto('row-name', name)
    await device.typeInto('row-price', price)
  }
  await device.typeInto('row-quantity', quantity)
  await device.tap('row-told')
  await device.tap('row-agreed')
  await device.tap('row-channel-wechat')
  await device.tap('row-save')
  await gone(device, 'sheet')
}

/** The foot's blue button, when it does this. */
export async function nextDoes(device, does) {
  await has(device, selector('phase-next', `[data-does="${does}"]`))
  await device.tap('phase-next')
}

/** The three questions of the telecom companies with one answer to each. */
const telecom = (answer) => ({ operation: answer, conduct: answer, satisfaction: answer })
/** A satisfied customer of a company whose form asks whether it was solved and explained. */
export const SOLVED = { solved: 'yes', explained: 'yes', satisfaction: 'good' }

/** The customer rates, one answer to every question or an answer for each, and may say something. */
export async function giveFeedback(device, answers = 'good', words = '') {
  const each = typeof answers === 'string' ? telecom(answers) : answers
  for (const [question, answer] of Object.entries(each))
    await device.tap(`survey-${question}-${answer}`)
  if (words) {
    await device.tap('survey-talk')
    await device.typeInto('survey-words', words)
  }
  await device.tap('seal-feedback')
  await has(device, selector('relation-customer'))
}

/** The technician takes the tablet back with the PIN. */
export async function takeBack(device, pin = PIN) {
  for (const digit of pin) await device.tap(`pin-${digit}`)
  await device.tap('pin-ok')
  await has(device, selector('visit-page'))
}

/** The customer signs in person, and hands the tablet back. */
export async function customerSigns(device, relation = 'customer', name = '') {
  await device.tap(`relation-${relation}`)
  if (name) await device.typeInto('signer', name)
  await device.sign('sign-pad')
  await device.tap('sign-confirm')
  await has(device, selector('handback-page'))
  await takeBack(device)
}

/** The customer reads a row's statement and signs it, and hands the tablet back. */
export async function consents(device, item, relation = 'customer') {
  await device.tap(`prove-${item}`)
  await has(device, selector('consent-step'))
  await device.tap(`relation-${relation}`)
  await device.sign('sign-pad')
  await device.tap('consent-confirm')
  await has(device, selector('handback-page'))
  await takeBack(device)
  await rowIs(device, item)
}

/** The customer does not agree to a row's statement. */
export async function refusesConsent(device, item, reason) {
  await device.tap(`prove-${item}`)
  await has(device, selector('consent-step'))
  await device.tap('consent-refuse')
  await device.tap(`consent-reason-${reason}`)
  await device.tap('consent-reason-confirm')
  await has(device, selector('handback-page'))
  await takeBack(device)
}

/** The technician signs on the own pad. */
export async function technicianSigns(device) {
  await nextDoes(device, 'technician')
  await device.sign('sign-pad')
  await device.tap('technician-confirm')
  await gone(device, 'sheet')
}

/** Nothing is missing: hands the visit in and looks at the ticket. */
export async function submit(device) {
  await device.tap('submit')
  await has(device, selector('ticket-page'))
}

/** The work of a repair inside, from the clothes to the goodbye; the optical power and the rate share a picture.
 * `begun`: what is ticked before the work itself was recorded before. */
export async function work(device, photo, { devices, power = '19.8', damage, begun } = {}) {
  await openPhase(device, 'depart')
  await tickPhase(device)
  await openPhase(device, 'door')
  await tickPhase(device)
  await openPhase(device, 'work')
  if (!begun) await tick(device, 'form-shown')
  await device.tap('none-fees')
  if (!begun) await tickPhase(device)
  await device.typeInto('text-fault', '分光器端口换过，光路通了')
  await device.tap('save-fault')
  await rowIs(device, 'fault')
  if (devices) await addDevice(device, devices)
  else await device.tap('none-devices')
  await device.tap('none-materials')
  await rowIs(device, 'materials')
  await openPhase(device, 'test')
  await keyIn(device, power)
  await device.tap('key-next')
  await photograph(device, 'optical', photo)
  await keyIn(device, '290')
  await device.tap('key-next')
  await photograph(device, 'speed', photo)
  await tick(device, 'demo')
  await openPhase(device, 'cleanup')
  await tickPhase(device)
  if (damage) await recordDamage(device, damage)
  else await device.tap('fact-damage-no')
  await openPhase(device, 'teach')
  await tickPhase(device)
}

/** Something broke: a picture of it and what was agreed. */
async function recordDamage(device, { photo, words }) {
  await device.tap('fact-damage-yes')
  await photograph(device, 'damage-photo', photo)
  await device.typeInto('text-damage-record', words)
  await device.tap('save-damage-record')
  await rowIs(device, 'damage-record')
}

/** A whole repair inside, from the clothes to the submission. */
export async function repair(device, photo, options) {
  await work(device, photo, options)
  await openPhase(device, 'sign')
  await nextDoes(device, 'handover')
  await giveFeedback(device)
  await customerSigns(device)
  await handIn(device)
}

/** The technician signs, nothing is missing, and the visit is handed in. */
export async function handIn(device) {
  await technicianSigns(device)
  await nextDoes(device, 'missing')
  await submit(device)
}

/** From the outside to the inside. */
export async function enter(device) {
  await openPhase(device, 'door')
  await tick(device, 'badge-shown', 'introduced', 'verified', 'consent', 'covers-on')
  await device.tap('reach-entered')
  await rowIs(device, 'entered')
}

/** The ticket's first page has ink on it. */
function hasInk() {
  const page = document.querySelector('.sheets canvas')
  if (!page?.width) return false
  const { data } = page.getContext('2d').getImageData(0, 0, page.width, page.height / 2)
  return data.some((value, i) => i % 4 === 0 && value < 80 && data[i + 3] > 200)
}

/** Waits until the ticket can be seen. */
export const pageIsPainted = (device) =>
  until('the first page is painted', () => device.session.look(hasInk))

/** The words of a part of the page. */
export const wordsOf = (device, id) =>
  device.session.look((query) => document.querySelector(query)?.innerText ?? '', selector(id))

/** Every text stands on the ticket. */
export function says(text, ...wanted) {
  const flat = text.replace(/\s+/g, '')
  for (const words of wanted)
    assert.ok(flat.includes(words.replace(/\s+/g, '')), `the ticket says “${words}”:\n${text}`)
}

/** None of them stands there. */
export function keepsSilent(text, ...unwanted) {
  const flat = text.replace(/\s+/g, '')
  for (const words of unwanted)
    assert.ok(!flat.includes(words.replace(/\s+/g, '')), `the ticket does not say “${words}”`)
}
