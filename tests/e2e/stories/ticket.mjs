// Reads a saved ticket with other people's tools: poppler and qpdf.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { OUT, until } from '../lib/driver.mjs'

const run = (program, ...args) => execFileSync(program, args, { encoding: 'utf8' })

/** Taps 存成文件 and gives the path that the page names. A copy stays in out/tickets/NAME.pdf to be looked at. */
export async function saveTicket(device, name) {
  await device.tap('ticket-save')
  const look = () => document.querySelector('[data-testid="saved-path"]')?.textContent
  const words = await until('the ticket is saved', () => device.session.look(look))
  const path = words.match(/\/.*\.pdf/)[0]
  mkdirSync(join(OUT, 'tickets'), { recursive: true })
  copyFileSync(path, join(OUT, 'tickets', `${name}.pdf`))
  return path
}

/** The ticket's facts: the text of either copy and of both, and `photos` as { width, height, file }, each once. */
export function readTicket(device, path) {
  run('qpdf', '--check', path)
  const folder = mkdtempSync(join(device.folder, 'ticket-'))
  run('pdfimages', '-all', path, join(folder, 'p'))
  const files = readdirSync(folder).sort()
  const photos = new Map()
  const rows = run('pdfimages', '-list', path).trim().split('\n').slice(2)
  rows.forEach((row, i) => {
    const cells = row.trim().split(/\s+/)
    const [width, height, encoding, object] = [cells[3], cells[4], cells[8], cells[10]]
    if (encoding !== 'jpeg') return
    const file = join(folder, files[i])
    // both copies show the same photo: it stands in the file once
    photos.set(object, { file, width: Number(width), height: Number(height) })
  })
  const pages = Number(run('pdfinfo', path).match(/^Pages:\s+(\d+)/m)[1])
  const texts = Array.from({ length: pages }, (_, i) => pagesOf(path, i + 1, i + 1))
  const own = texts.findIndex((text) => text.includes('公司联'))
  return {
    photos: [...photos.values()],
    text: texts.join('\n'),
    pages: [own, pages - own],
    customer: texts.slice(0, own).join('\n'),
    company: texts.slice(own).join('\n'),
  }
}

const pagesOf = (path, from, to) =>
  run('pdftotext', '-layout', '-f', String(from), '-l', String(to), path, '-')

/** The main colour near a corner of a picture: 'red', 'blue' or 'grey'. */
export function cornerColour(file, x, y) {
  const spot = `%[fx:p{w*${x},h*${y}}.r] %[fx:p{w*${x},h*${y}}.b]`
  const [r, b] = run('convert', file, '-format', spot, 'info:').split(' ').map(Number)
  if (Math.abs(r - b) < 0.25) return 'grey'
  return r > b ? 'red' : 'blue'
}
