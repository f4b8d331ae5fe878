// What the technician brings along: order files as dispatch writes them, photos as phones take them.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { here } from '../lib/zone.mjs'

const HEADER =
  '工单号,客户姓名,电话,备用联系,地址,到达提示,业务,工单类型,规范,约定开始,约定结束,竣工时限,签约速率,备注,领用物料'

/** A moment in the device's zone, `minutes` from now, as dispatch writes it. */
export function localTime(minutes) {
  return here(minutes).toISOString().slice(0, 16).replace('T', ' ')
}

/** The day so many days ago, such as 2026-11-22. */
export const dayAgo = (days) => localTime(-days * 24 * 60).slice(0, 10)

/** One order as cells; everything that a story does not care about has a plain value. */
export function orderCells({
  no,
  customer,
  phone = '13800001234',
  alternate = '',
  address = '翠湖花园 7 幢 2 单元 1203 室',
  service = '宽带新装 300M',
  job = '新装',
  standard = '移动宽带',
  start = localTime(9),
  mbps = '300',
  note = '',
  supplies = '',
}) {
  const deadline = localTime(2 * 24 * 60)
  return [
    ...[no, customer, phone, alternate, address, '东门进', service, job, standard],
    ...[start, '', deadline, mbps, note, supplies],
  ]
}

/** Writes a file of orders in GB18030, as office programs in China do. */
export function writeOrders(folder, rows, name = '派单.csv') {
  const text = [HEADER, ...rows.map((cells) => cells.join(','))].join('\r\n')
  const bytes = execFileSync('iconv', ['-f', 'UTF-8', '-t', 'GB18030'], { input: text })
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

/** Today as it stands in order numbers. */
export const dayNumber = () => localTime(0).slice(0, 10).replaceAll('-', '')

/** What turns an upright picture into what the sensor of a turned phone stores. */
const STORED = { 1: [], 3: ['-rotate', '180'], 6: ['-rotate', '270'], 8: ['-rotate', '90'] }

/** The EXIF block that says how the phone was held, byte by byte: one directory with one entry. */
function exif(orientation) {
  const tiff = Buffer.alloc(26)
  tiff.write('II*\0', 'latin1')
  tiff.writeUInt32LE(8, 4)
  tiff.writeUInt16LE(1, 8)
  tiff.writeUInt16LE(0x0112, 10)
  tiff.writeUInt16LE(3, 12)
  tiff.writeUInt32LE(1, 14)
  tiff.writeUInt16LE(orientation, 18)
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff])
  const head = Buffer.from([0xff, 0xe1, 0, 0])
  head.writeUInt16BE(body.length + 2, 2)
  return Buffer.concat([head, body])
}

/**
 * A JPEG as a phone held `orientation` stores it. Upright it has a red left top corner and a blue right top one
 * on a ground of its own, so that a turned or mirrored picture is seen at once.
 */
export function takePhoto(
  folder,
  name,
  orientation,
  { width = 1600, height = 1200, seed = 1 } = {},
) {
  const path = join(folder, `${name}.jpg`)
  const corner = Math.round(Math.min(width, height) / 3)
  const red = `rectangle 0,0 ${corner},${corner}`
  const blue = `rectangle ${width - corner},0 ${width},${corner}`
  execFileSync('convert', [
    ...['-size', `${width}x${height}`, '-seed', String(seed), 'plasma:', '-modulate', '100,0'],
    ...['-fill', '#e01010', '-draw', red, '-fill', '#1030e0', '-draw', blue],
    ...STORED[orientation],
    ...['-strip', '-quality', '88', `jpg:${path}`],
  ])
  const jpeg = readFileSync(path)
  writeFileSync(path, Buffer.concat([jpeg.subarray(0, 2), exif(orientation), jpeg.subarray(2)]))
  return path
}
