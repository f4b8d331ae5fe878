// What is measured. A case prepares its contestants; each has a label and a `run` that gives milliseconds.
import { join } from 'node:path'
import { wholeRun } from './measure.mjs'

const bin = (name) => join(process.env.BIN, name)

/**
 * @typedef {{ label: string, run: () => number | number[] | Promise<number | number[]> }} Contestant
 * @typedef {{ ours: Contestant, against?: Contestant, done?: () => void | Promise<void> }} Contest
 * @type {{ name: string, unit?: string, limit?: { ratio?: number, p99?: number, median?: number },
 *          prepare: () => Contest | Promise<Contest> }[]}
 */
export const cases = [
  {
    name: 'refuse without a display',
    prepare: () => {
      const env = { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '' }
      const run = wholeRun('sh', ['-c', `"$0" 2>/dev/null; test $? -eq 2`, bin('doorstep')], {
        env,
      })
      return {
        ours: { label: 'Doorstep', run },
        against: { label: 'an empty shell', run: wholeRun('sh', ['-c', 'true']) },
      }
    },
  },
]
