// The measuring itself: who runs when, and what is made of the numbers.
import { spawnSync } from 'node:child_process'
import { performance } from 'node:perf_hooks'

/**
 * Runs each contestant once per round, in an order that turns, after one round that does not count.
 * A run gives one number or several; all of them are samples.
 */
export async function inTurns(runs, rounds) {
  const samples = runs.map(() => [])
  for (let round = -1; round < rounds; round += 1) {
    for (let i = 0; i < runs.length; i += 1) {
      const at = (i + round + runs.length) % runs.length
      const value = await runs[at]()
      if (round >= 0) samples[at].push(...[value].flat())
    }
  }
  return samples
}

/** The value that `share` of all samples do not exceed (nearest rank). */
export function quantile(samples, share) {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
}

/** Milliseconds that a program takes from start to end. */
export function wholeRun(program, args = [], options = {}) {
  return () => {
    const start = performance.now()
    run(program, args, options)
    return performance.now() - start
  }
}

/** The JSON lines that a program prints. */
export function jsonLines(program, args = [], options = {}) {
  const lines = run(program, args, options)
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
  if (lines.length === 0) throw new Error(`${program} printed no numbers`)
  return lines
}

/** The numbers under `key` of those JSON lines that have all of `which`. */
export function pick(lines, which = {}, key = 'ms') {
  const wanted = Object.entries(which)
  const values = lines
    .filter((line) => wanted.every(([name, value]) => line[name] === value))
    .map((line) => line[key])
    .filter((value) => typeof value === 'number')
  if (values.length === 0) throw new Error(`no ${key} of ${JSON.stringify(which)} was printed`)
  return values
}

/** Runs a program to its end and gives what it wrote. */
export function run(program, args = [], options = {}) {
  const result = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options })
  if (result.error) throw result.error
  if (result.status !== 0)
    throw new Error(`${program} ended with ${result.status}: ${result.stderr}`)
  return result.stdout
}
