// Where the programs of the benches lie, and the photo that the photo case takes in.
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The top of the repository. */
export const TOP = fileURLToPath(new URL('../..', import.meta.url))
/** Fixtures and yardsticks, under the target folder. */
export const HOME = resolve(process.env.BENCH_HOME ?? join(TOP, 'target/bench'))

/** A program of the release build. */
export const released = (name) =>
  join(resolve(process.env.RELEASE ?? join(TOP, 'target/release')), name)

/** The Python with reportlab. */
export const PYTHON = join(HOME, 'venv/bin/python')

/** A bench's program: cargo gives it a name with a hash and tells that in its messages. */
export function bench(name) {
  const messages = readFileSync(join(HOME, 'built.json'), 'utf8').trim().split('\n')
  const built = messages
    .map((line) => JSON.parse(line))
    .find(({ target, executable }) => executable && target?.name === name)
  if (!built) throw new Error(`the build made no bench ${name}`)
  return built.executable
}

/** A 12 MP JPEG as a phone held upright writes it (orientation 6): soft shapes with grain, 3–4 MB. Made once. */
export async function photo() {
  const path = join(HOME, 'photo-12mp.jpg')
  if (existsSync(path)) return path
  mkdirSync(HOME, { recursive: true })
  const require = createRequire(join(TOP, 'crates/photo/benches/sharp.mjs'))
  const sharp = require('sharp')
  const [width, height] = [4000, 3000]
  const noise = (grain, sigma) => {
    const create = {
      width: Math.ceil(width / grain),
      height: Math.ceil(height / grain),
      channels: 3,
      background: '#000',
      noise: { type: 'gaussian', mean: 128, sigma },
    }
    return sharp({ create })
      .resize(width, height, { fit: 'fill', kernel: 'cubic' })
      .png()
      .toBuffer()
  }
  const layers = [await noise(23, 40), await noise(3, 18)]
  await sharp(await noise(200, 60))
    .composite(layers.map((input) => ({ input, blend: 'soft-light' })))
    .jpeg({ quality: 88, chromaSubsampling: '4:2:0' })
    .withMetadata({ orientation: 6 })
    .toFile(path)
  return path
}
