// Every screen of the technician, photographed in both directions and looked at by axe. The pictures stand in
// out/screens/; a person looks at them.
import { story } from '../lib/story.mjs'
import { Album } from './album.mjs'
import { dayNumber, localTime, orderCells, takePhoto, writeOrders } from './material.mjs'
import * as step from './steps.mjs'

const upright = { screen: 'turning' }

/** Four orders of today, the first to be worked on. */
function orders() {
  const order = (tail, customer, minutes, more = {}) =>
    orderCells({ no: `${dayNumber()}-${tail}`, customer, start: localTime(minutes), ...more })
  return [
    order('0412', '林女士', 9, { note: '老人午睡，请轻敲门', supplies: '光猫 1 台、皮线 30 m' }),
    order('0405', '周先生', 40, { standard: '电信十四步', job: '移机', service: '宽带移机 500M' }),
    order('0419', '吴先生', 60, { job: '修障', service: '宽带修障', address: '梅园里 12 号' }),
    order('0427', '欧阳䶮', 90, { address: '石桥村三组 14 号（老祠堂后面）' }),
  ]
}

async function begin(device, album) {
  await step.has(device, '[data-testid="start-office"]')
  await album.both('01-start')
  await step.register(device)
  await album.both('02-today-empty')
  await device.tap('empty-import')
  const wrong = orderCells({
    no: 'X-1',
    customer: '',
    phone: '电话',
    job: '拆机',
    start: '下午两点',
  })
  const file = writeOrders(device.folder, [wrong, ...orders().slice(0, 1)], '有错的.csv')
  await device.upload('import-file', file)
  await step.has(device, '[data-testid="import-errors"]')
  await album.both('03-import-errors')
  await device.upload('import-file', writeOrders(device.folder, orders()))
  await step.has(device, '[data-testid="import-row-5"]')
  await album.both('04-import-preview')
  await device.tap('import-commit')
  await step.has(device, '[data-testid="import-done"]')
  await device.tap('import-to-today')
  await step.has(device, '[data-testid="order-0412"]')
  await album.both('05-today')
}

/** The order's own page, or its pane beside the list. */
async function open(device, tail) {
  await device.tap(`order-${tail}`)
  await step.has(device, '[data-testid="order-pane"]')
}

async function prepare(device, album) {
  await open(device, '0412')
  await album.take('06-order')
  await step.orderStep(device, 'contact')
  await step.has(device, '[data-testid="phone-number"]')
  await album.take('07-call')
  await device.tap('call-result-answered')
  await device.tap('call-log')
  await step.has(device, '[data-testid="agree-save"]')
  await album.take('08-agree')
  await device.tap('agree-by-customer')
  await device.tap('agree-save')
  await step.gone(device, 'sheet')
  await device.tap('change-time')
  await device.tap('reason-traffic')
  await album.take('09-change')
  await device.tap('sheet-close')
  await step.gone(device, 'sheet')
  await step.orderStep(device, 'kit')
  await device.tap('kit-member-rag')
  await album.take('10-kit-missing')
  await device.tap('kit-member-rag')
  await step.saveKit(device)
  await step.saveKit(device)
  await step.gone(device, 'sheet')
  await album.take('11-order-ready')
  await step.depart(device)
}

async function comeIn(device, album) {
  await step.openPhase(device, 'depart')
  await device.tap('tick-phase')
  await step.rowIs(device, 'dressed')
  await album.both('12-depart')
  await device.tap('companions-open')
  await album.take('13-companions')
  await device.tap('sheet-close')
  await step.gone(device, 'sheet')
  await step.openPhase(device, 'door')
  await device.tap('reach-downstairs')
  await device.tap('reach-at-door')
  await step.has(device, '[data-testid="door-wait"], [data-testid="door-waited"]')
  await album.both('14-door')
  await device.tap('nobody-home')
  await album.both('15-nobody-home')
  await device.tap('sheet-close')
  await step.gone(device, 'sheet')
  await device.tap('mismatch-verified')
  await album.take('16-mismatch')
  await device.tap('sheet-close')
  await step.gone(device, 'sheet')
  await step.tick(device, 'badge-shown', 'introduced', 'verified', 'consent', 'covers-on')
  await device.tap('reach-entered')
  await step.rowIs(device, 'entered')
  await step.tick(device, 'prior-damage')
}

async function work(device, album, photo) {
  await step.openPhase(device, 'work')
  await album.take('17-work')
  await step.tick(device, 'form-shown')
  await device.tap('add-fees')
  await album.both('18-fee')
  await device.tap('sheet-close')
  await step.gone(device, 'sheet')
  await step.addFee(device, { name: 'WiFi', price: '60' })
  await step.tick(device, 'mat-laid')
  await step.photograph(device, 'cabling', photo)
  await device.tap('add-devices')
  await album.both('19-device')
  await device.tap('sheet-close')
  await step.gone(device, 'sheet')
  await step.addDevice(device, { name: 'HG8145X6', sn: 'ZTEGC8A1B2C3' })
  await step.photograph(device, 'devices-0', photo)
  await device.tap('none-materials')
  await step.rowIs(device, 'materials')
  await album.both('20-work-done')
  await device.tap('detail-cabling')
  await album.take('21-detail')
  await device.tap('sheet-close')
  await step.gone(device, 'sheet')
}

async function measure(device, album, photo) {
  await step.openPhase(device, 'test')
  await album.both('22-reading')
  await step.keyIn(device, '31')
  await step.has(device, '[data-testid="reading-outside"]')
  await album.both('23-reading-outside')
  await device.tap('key-clear')
  await step.keyIn(device, '18.5')
  await device.tap('key-next')
  await step.photograph(device, 'optical', photo)
  await step.keyIn(device, '291')
  await device.tap('key-next')
  await step.has(device, '[data-testid="type-speed"]')
  await device.tap('open-missing')
  await step.has(device, '[data-testid="missing-title"]')
  await album.both('24-missing')
  await device.tap('unfinished')
  await album.both('25-unfinished')
  await device.tap('sheet-close')
  await step.gone(device, 'sheet')
  await step.openPhase(device, 'test')
  await step.photograph(device, 'speed', photo)
  await step.tick(device, 'demo')
  await step.openPhase(device, 'cleanup')
  await step.tick(device, 'tools-packed', 'cleaned')
  await device.tap('fact-damage-no')
  await step.openPhase(device, 'teach')
  await step.tick(device, 'taught', 'hotline-told')
}

async function handOver(device, album) {
  await step.openPhase(device, 'sign')
  await step.nextDoes(device, 'handover')
  await step.has(device, '[data-testid="seal-feedback"]')
  await album.both('26-feedback')
  await step.giveFeedback(device)
  await album.both('27-sign')
  await device.tap('sign-refuse')
  await album.both('28-refuse')
  await device.tap('sheet-close')
  await step.gone(device, 'sheet')
  await device.tap('sign-cannot')
  await album.take('29-cannot')
  await device.tap('sheet-close')
  await step.gone(device, 'sheet')
  await device.tap('relation-customer')
  await device.sign('sign-pad')
  await album.take('30-signed')
  await device.tap('sign-confirm')
  await step.has(device, '[data-testid="handback-page"]')
  await album.both('31-pin')
  await step.takeBack(device)
  await step.nextDoes(device, 'technician')
  await device.sign('sign-pad')
  await album.both('32-technician')
  await device.tap('technician-confirm')
  await step.gone(device, 'sheet')
  await step.nextDoes(device, 'missing')
  await album.both('33-complete')
  await step.submit(device)
  await step.pageIsPainted(device)
  await album.both('34-ticket')
  await device.tap('visit-back')
}

async function lookAround(device, album) {
  await device.tap('open-settings')
  await step.has(device, '[data-testid="settings-storage"]')
  await album.both('35-settings')
  await device.tap('change-pin')
  await album.take('36-pin-change')
  await device.tap('sheet-close')
  await step.gone(device, 'sheet')
}

/** The whole walk in one language, beginning in one direction. */
async function walk(device, lang, name) {
  const album = new Album(device, name)
  const photo = takePhoto(device.folder, '照片', 6, { width: 1200, height: 1600, seed: 61 })
  await device.tap(`lang-${lang}`)
  await device.see(lang === 'zh' ? '开始使用' : 'Start using it')
  await begin(device, album)
  await prepare(device, album)
  await comeIn(device, album)
  await work(device, album, photo)
  await measure(device, album, photo)
  await handOver(device, album)
  await lookAround(device, album)
  return album
}

/** Chooses something in the settings, and goes back to Today. */
async function choose(device, ...choices) {
  await device.tap('open-settings')
  for (const choice of choices) await device.tap(choice)
  await device.tap('back-today')
  await step.has(device, '[data-testid="today-search"]')
}

/** Today, an order on the way to the door, and a reading, in other colours or sizes. */
async function inOtherClothes(device, album, name) {
  album.name = name
  await album.both('05-today')
  await open(device, '0419')
  await album.take('06-order')
  // shoe covers and bag were used up by the visit before
  await step.goToDoor(device, 1)
  await album.both('14-door')
  await step.openPhase(device, 'work')
  await album.both('17-work')
  await step.openPhase(device, 'test')
  await album.both('22-reading')
  await device.tap('visit-back')
}

story('every screen in Chinese, and some in the dark', { screen: 'turning' }, async (device) => {
  const album = await walk(device, 'zh', 'zh')
  await device.tap('back-today')
  await choose(device, 'theme-dark')
  await inOtherClothes(device, album, 'zh-dark')
  album.done()
})

story(
  'every screen in English, upright, and some in the sun with large letters',
  upright,
  async (device) => {
    await device.resize(800, 1280)
    const album = await walk(device, 'en', 'en')
    await device.tap('back-today')
    await choose(device, 'lang-zh', 'theme-outdoor', 'scale-150')
    await inOtherClothes(device, album, 'zh-outdoor-150')
    album.done()
  },
)
