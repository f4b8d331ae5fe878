// Three companies' standards by taps, each to its own ticket: a repair at height with a leak, a consent that is signed
// before the work, a move with the company's own kit.
import assert from 'node:assert/strict'
import { until } from '../lib/driver.mjs'
import { story } from '../lib/story.mjs'
import { Album } from './album.mjs'
import { dayNumber, dayAgo, orderCells, takePhoto } from './material.mjs'
import * as step from './steps.mjs'
import { readTicket, saveTicket } from './ticket.mjs'

/** Registers, imports one order, agrees the time, checks the kits and stands at the door. */
async function comeToTheDoor(device, order, kits) {
  await step.register(device)
  await step.importOrders(device, [orderCells(order)])
  await step.goToDoor(device, kits)
}

/** From the open step of the signatures to the ticket. */
async function signOff(device, name, answers = 'good') {
  await step.nextDoes(device, 'handover')
  await step.giveFeedback(device, answers)
  await step.customerSigns(device)
  await step.handIn(device)
  await step.pageIsPainted(device)
  return readTicket(device, await saveTicket(device, name))
}

/** Whether something can be used. */
const isOpen = (device, id) =>
  device.session.look((name) => {
    const node = document.querySelector(`[data-testid="${CSS.escape(name)}"]`)
    return node !== null && !node.disabled
  }, id)

// ---- 格力 ----

/** My own gear: a rope in its time, and a harness whose time is over. */
async function recordGear(device, album) {
  await device.tap('open-settings')
  await step.recordGear(device, 'safety-rope', dayAgo(30))
  await step.recordGear(device, 'harness', dayAgo(3 * 365))
  await device.see('过期')
  await album.both('gear')
  await step.backToToday(device)
}

/** An expired harness is no way out of the window: the customer waits until another one is there. */
async function wearGear(device, album) {
  await device.tap('prove-height-gear')
  await step.has(device, '[data-testid="reason-confirm"]:disabled')
  await device.see('安全带过期或没登记')
  await album.both('gear-expired')
  await device.tap('sheet-close')
  await step.gone(device, 'sheet')
  await step.rowIs(device, 'height-gear', 'open')
  await device.tap('visit-back')
  await device.tap('open-settings')
  await step.recordGear(device, 'harness', dayAgo(0))
  await step.backToToday(device)
  await step.orderStep(device, 'continue')
  await device.tap('prove-height-gear')
  await step.rowIs(device, 'height-gear')
  await device.see('都在有效期内')
}

async function findTheFault(device, album, photo) {
  await step.openPhase(device, 'work')
  await album.both('work-open')
  await step.answerQuestions(device, { wiring: false, electrical: true, refrigeration: true })
  await step.answerQuestions(device, { leak: true, moved: false, height: true })
  await step.write(device, { history: '用了 4 年，上周起不制冷，没修过' })
  await device.tap('date-warranty')
  await album.both('date')
  await device.tap('sheet-close')
  await step.gone(device, 'sheet')
  await step.pickDate(device, 'date-warranty', dayAgo(2 * 365))
  await step.rowIs(device, 'warranty')
  await device.see('保修至')
  await device.tap('choice-cover-covered')
  await step.rowIs(device, 'cover')
  await album.both('work-warranty')
  // what is found rests on the measurements
  assert.equal(await isOpen(device, 'text-cause'), false)
  await device.tap('type-supply-voltage')
  await step.keyIn(device, '187')
  await step.has(device, '[data-testid="reading-outside"]')
  await album.both('reading-voltage')
  await device.tap('key-clear')
  await step.keyIn(device, '221.5')
  await device.tap('key-next')
  await step.measureOn(device, [
    ['working-voltage', { before: '219', after: '220.4' }],
    ['running-current', { before: '3.10', after: '7.25' }],
    ['temperature-difference', { before: '4.5', after: '12.5' }],
    ['working-current', { before: '3.05', after: '7.18' }],
    ['low-pressure', { before: '0.21', after: '0.84' }],
  ])
  await step.photograph(device, 'leak-found', photo)
  await step.rowIs(device, 'leak-found')
  await step.write(device, { cause: '外机喇叭口裂，漏制冷剂' })
}

async function mendAtHeight(device, album, photo) {
  // the price is told and agreed before anything is mended
  assert.equal(await isOpen(device, 'text-mended'), false)
  await device.tap('add-fees')
  await device.tap('price-extra-pipe')
  await device.typeInto('row-quantity', '2.5')
  await device.see('还没告知客户')
  await album.both('fee')
  await device.tap('sheet-close')
  await step.gone(device, 'sheet')
  await step.addFee(device, { listed: 'extra-pipe', quantity: '2.5' })
  await step.rowIs(device, 'fees')
  await device.see('250.00 元')
  await step.write(device, { 'height-crew': '周建国干活，李志强看绳带' })
  await wearGear(device, album)
  await step.tick(device, 'height-checked', 'height-below')
  await step.photograph(device, 'height-on', photo)
  await step.rowIs(device, 'height-on')
  await step.tick(device, 'leak-sealed')
  await step.write(device, { recharged: 'R32，0.45 kg', mended: '换铜管 2.5 米，重做喇叭口' })
  await step.addMaterial(device, { name: '铜管', quantity: '2.5', unit: 'm' })
  await album.both('work-done')
}

function checkGree(ticket, no) {
  const readings = ['221.5 V', '220.4 V', '7.25 A', '12.5 ℃', '7.18 A', '0.84 MPa', '0.21 MPa']
  for (const text of [ticket.customer, ticket.company]) {
    step.says(text, '维修服务单', no, '方女士', ...readings)
    step.says(text, '天井机加长连接管', '100.00', '2.5 米', '250.00 元', '铜管')
    step.says(text, '保修至', 'R32，0.45 kg', '周建国干活，李志强看绳带', '都在有效期内')
  }
  step.says(ticket.company, 'S33-01', 'S35-15', 'S35-21')
  step.keepsSilent(ticket.customer, 'S33-01', 'S35-15', 'S35-21')
  assert.equal(ticket.photos.length, 2)
}

story(
  '格力: a leak mended at height, with readings, gear in date and a price that was agreed before',
  { screen: 'turning', timeout: 600_000 },
  async (device) => {
    const no = `${dayNumber()}-0501`
    const album = new Album(device, 'zh-gree')
    const leak = takePhoto(device.folder, '漏点', 6, { width: 1200, height: 1600, seed: 51 })
    const harness = takePhoto(device.folder, '安全带', 1, { seed: 52 })
    const facts = { customer: '方女士', job: '修障', standard: '格力维修', service: '空调不制冷' }
    await step.register(device)
    await step.importOrders(device, [orderCells({ no, ...facts })])
    await recordGear(device, album)
    await step.goToDoor(device, 2)
    await step.openPhase(device, 'appointment')
    await step.write(device, { 'fault-asked': '外机不转，可能漏氟' })
    await album.both('appointment')
    await step.openPhase(device, 'depart')
    await step.tickPhase(device)
    await step.stepInside(device)
    await album.both('door')
    await findTheFault(device, album, leak)
    await mendAtHeight(device, album, harness)
    await step.openPhase(device, 'test')
    await step.tick(device, 'tried')
    await step.openPhase(device, 'finish')
    await step.answerQuestions(device, { damage: false, request_unmet: false })
    await step.tickPhase(device)
    await album.both('finish')
    await step.openPhase(device, 'sign')
    const ticket = await signOff(device, 'gree-repair', step.SOLVED)
    await album.both('ticket')
    checkGree(ticket, no)
    album.done()
  },
)

// ---- 亿维 ----

const STATEMENT = '我知道动硬盘可能丢失数据，同意现在动手。'

/** The disk is left alone until the customer has signed; a no leaves it closed. */
async function askForConsent(device, album) {
  await step.rowIs(device, 'backup-consent', 'open')
  assert.equal(await isOpen(device, 'prove-backup-consent'), false, 'the backup comes first')
  await device.tap('choice-backup-choice-by-us')
  await step.tick(device, 'backup-done')
  assert.equal(await isOpen(device, 'text-sheet-filled'), false)
  await album.both('before-consent')
  await step.refusesConsent(device, 'backup-consent', 'family')
  await device.see('丁先生没同意：要和家人商量')
  await step.rowIs(device, 'backup-consent', 'partial')
  assert.equal(await isOpen(device, 'text-sheet-filled'), false, 'a no leaves the disk alone')
  await album.both('refused')
  await device.tap('open-missing')
  await device.see('「客户签字，再动硬盘」客户还没同意')
  await album.both('missing')
  await step.openPhase(device, 'work')
  await device.tap('prove-backup-consent')
  await step.has(device, '[data-testid="consent-step"]')
  await device.see(STATEMENT)
  await album.both('consent')
  await device.tap('consent-unable')
  await album.both('consent-unable')
  await device.tap('sheet-close')
  await step.gone(device, 'sheet')
  await device.tap('handback')
  await step.takeBack(device)
  await step.consents(device, 'backup-consent')
  await device.see('丁先生已签')
  assert.equal(await isOpen(device, 'text-sheet-filled'), true)
  await album.both('consented')
}

async function repairThePc(device, album) {
  await step.openPhase(device, 'work')
  await step.answerQuestions(device, { case_open: true, disk: true })
  await step.write(device, { 'fault-shown': '开机蓝屏，硬盘有坏道，打算换固态硬盘' })
  await device.tap('none-fees')
  await step.rowIs(device, 'fees')
  await step.tick(device, 'case-consent')
  await askForConsent(device, album)
  await step.tick(device, 'parts-laid')
  await step.write(device, { 'sheet-filled': '换固态硬盘，重装系统' })
  await step.addMaterial(device, { name: '固态硬盘 512 GB', quantity: '1', unit: '块' })
  await step.tick(device, 'case-checked')
  await step.openPhase(device, 'test')
  await step.tick(device, 'tested', 'cleaned')
  await step.answerQuestions(device, { damage: false })
}

function checkYiwei(ticket, no) {
  for (const text of [ticket.customer, ticket.company]) {
    step.says(text, '服务单', no, '丁先生', '施工前声明', STATEMENT, '请师傅当场备份')
    step.says(text, '不适用', '单位客户，地面不用保持清洁', '本次未收费', '固态硬盘 512 GB')
  }
  step.says(ticket.company, 'S31-18')
  step.keepsSilent(ticket.customer, 'S31-18', '要和家人商量')
}

story(
  '亿维: the disk is touched only after the customer has signed for the backup',
  { screen: 'turning', timeout: 600_000 },
  async (device) => {
    const no = `${dayNumber()}-0502`
    const album = new Album(device, 'zh-yiwei')
    const facts = { customer: '丁先生', job: '修障', standard: '亿维', service: '电脑蓝屏' }
    await comeToTheDoor(device, { no, ...facts }, 3)
    await step.openPhase(device, 'door')
    await step.notApplicable(device, 'covers-on', 'office')
    await step.stepInside(device)
    await repairThePc(device, album)
    await step.openPhase(device, 'sign')
    await step.tick(device, 'goodbye')
    const ticket = await signOff(device, 'yiwei-it', step.SOLVED)
    await album.both('ticket')
    checkYiwei(ticket, no)
    album.done()
  },
)

// ---- 河北电信 ----

/** The company's own 五个一: five things, and none of China Mobile's. */
async function checkFiveOnes(device, album) {
  await step.orderStep(device, 'kit')
  await device.see('五个一（河北）', '一块防尘布', '一块擦桌布', '一份装维工作服务质量监督表')
  await device.dontSee('垃圾袋', '一块垫布', '服务记录表')
  await album.take('five-ones')
  await step.saveKit(device)
  await device.see('竣工单', '售后服务监督卡')
  await step.saveKit(device)
  await step.gone(device, 'sheet')
}

async function moveTheLine(device, photos) {
  await step.openPhase(device, 'work')
  await step.tick(device, 'mat-laid')
  await step.answerQuestions(device, { moved: true })
  await step.addFee(device, { name: '移机费', price: '50' })
  await step.rowIs(device, 'fees')
  await step.tick(device, 'moved-consent')
  await step.photograph(device, 'cabling', photos.cabling)
  await step.notApplicable(device, 'concealed', 'no-duct')
  await device.tap('none-devices')
  await step.rowIs(device, 'devices-changed')
  await step.addMaterial(device, { name: '皮线', quantity: '35', unit: 'm' })
  await step.openPhase(device, 'test')
  await step.answerQuestions(device, { phone: true, no_broadband: false })
  await step.answerQuestions(device, { request_unmet: false, damage: false })
  await step.tick(device, 'phone-test')
  // a step that begins with a reading has it open
  const measured = [
    ['optical', { before: '23.1', after: '19.6' }],
    ['speed', { down: '478' }],
  ]
  await step.measureOn(device, measured, 'partial')
  await step.photograph(device, 'optical', photos.optical)
  await step.photograph(device, 'speed', photos.speed)
  await step.tick(device, 'tried', 'taught')
}

/** What comes after the customer's signature in this company. */
async function leaveThePlace(device) {
  await step.openPhase(device, 'cleanup')
  await step.tickPhase(device)
  await step.openPhase(device, 'offer')
  await step.notApplicable(device, 'offered', 'busy')
  await step.tick(device, 'papers-left', 'goodbye-said')
  await step.openPhase(device, 'report')
}

function checkHebei(ticket, no) {
  step.says(ticket.text, '竣工单', no, '石先生', '工单改成石先生', '皮线')
  step.says(ticket.text, '−19.6 dBm', '−23.1 dBm', '478 Mbps', '没有暗管', '客户没空')
  step.says(ticket.text, '移机费', '50.00', '石先生（本人）')
  step.says(ticket.company, 'S12-11', 'S12-15')
  step.keepsSilent(ticket.customer, 'S12-15', '服务质量记录表')
  assert.equal(ticket.photos.length, 3)
}

story(
  '河北电信: a move with its own 五个一, an order that was put right at the door',
  { screen: 'turning', timeout: 600_000 },
  async (device) => {
    const no = `${dayNumber()}-0503`
    const album = new Album(device, 'zh-hebei')
    const photos = {
      cabling: takePhoto(device.folder, '布线', 6, { width: 1200, height: 1600, seed: 53 }),
      optical: takePhoto(device.folder, '仪表', 1, { seed: 54 }),
      speed: takePhoto(device.folder, '测速', 3, { seed: 55 }),
    }
    const facts = {
      customer: '石先生',
      job: '移机',
      standard: '河北电信',
      service: '宽带移机 500M',
    }
    await step.register(device)
    await step.importOrders(device, [orderCells({ no, mbps: '500', ...facts })])
    await step.agreeTime(device)
    await checkFiveOnes(device, album)
    await step.depart(device)
    await device.tap('reach-downstairs')
    await device.tap('reach-at-door')
    await step.openPhase(device, 'depart')
    await album.both('depart')
    await step.tickPhase(device)
    await step.openPhase(device, 'door')
    await step.answerQuestions(device, { order_wrong: true, agent: false })
    await device.tap('mismatch-verified')
    await device.typeInto('reason-words', '户名是石先生的父亲')
    await device.tap('reason-confirm')
    await step.rowIs(device, 'verified')
    await step.write(device, { 'order-corrected': '打电话问过调度，工单改成石先生' })
    await album.both('door')
    await step.stepInside(device)
    await moveTheLine(device, photos)
    await album.both('test')
    await step.openPhase(device, 'sign')
    await step.nextDoes(device, 'handover')
    await step.giveFeedback(device)
    await album.both('sign')
    await step.customerSigns(device)
    await leaveThePlace(device)
    await step.handIn(device)
    await step.pageIsPainted(device)
    checkHebei(readTicket(device, await saveTicket(device, 'hebei-move')), no)
    await until('the visit is done', async () => (await device.words()).includes('完工'))
    album.done()
  },
)
