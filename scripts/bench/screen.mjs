// A virtual screen whose pixels can be read like a file: nothing is asked of the app or of the X server.
import { openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { firstLine, start } from '../../tests/e2e/lib/processes.mjs'

const [WIDTH, HEIGHT] = [1280, 800]

/** Starts Xvfb with its picture in `folder`. */
export async function startScreen(folder, log) {
  const size = ['-screen', '0', `${WIDTH}x${HEIGHT}x24`, '-fbdir', folder]
  const args = ['-displayfd', '3', ...size, '-nolisten', 'tcp', '-noreset']
  const child = start('Xvfb', args, { log, stdio: { extra: ['pipe'] } })
  const display = `:${(await firstLine(child, child.stdio[3], 'Xvfb')).trim()}`
  return { child, display, screen: new Screen(join(folder, 'Xvfb_screen0')) }
}

/** The picture, in the XWD format: a header of big-endian words, a colour table, then the pixels. */
class Screen {
  constructor(path) {
    this.file = openSync(path, 'r')
    const header = Buffer.alloc(100)
    readSync(this.file, header, 0, header.length, 0)
    const word = (n) => header.readUInt32BE(n * 4)
    const colours = word(19)
    this.first = word(0) + colours * 12
    this.line = word(12)
    if (word(4) !== WIDTH || word(5) !== HEIGHT || word(11) !== 32)
      throw new Error('the screen has an unexpected format')
  }

  /** The pixels of a rectangle, 4 bytes each. */
  read({ x, y, width, height }) {
    const lines = Buffer.alloc(this.line * height)
    readSync(this.file, lines, 0, lines.length, this.first + y * this.line)
    const part = (row) => lines.subarray(row * this.line + x * 4, row * this.line + (x + width) * 4)
    return Buffer.concat(Array.from({ length: height }, (_, row) => part(row)))
  }
}

/** How many different pixels there are: text in any font has several, an empty place one. */
export function shades(pixels) {
  const seen = new Set()
  for (let at = 0; at < pixels.length; at += 4) seen.add(pixels.readUInt32LE(at) & 0xffffff)
  return seen.size
}
