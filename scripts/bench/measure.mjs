// The measuring itself: rounds in turn, then median, p99 and ratio.
import { spawnSync } from 'node:child_process'
import { performance } from 'node:perf_hooks'

/** Runs each contestant once per round, in an order that turns, after one round that does not count. */
export async function interleave(contestants, rounds) {
  const samples = contestants.map(() => [])
  for (let round = -1; round < rounds; round += 1) {
    for (let i = 0; i < contestants.length; i += 1) {
      const at = (i + round + contestants.length) % contestants.length
      const value = await contestants[at].run()
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
    finish(program, spawnSync(program, args, { encoding: 'utf8', ...options }))
    return performance.now() - start
  }
}

/** Numbers that a program measures itself and prints as JSON lines, under `key`. */
export function reported(program, args = [], { key = 'ms', ...options } = {}) {
  return () => {
    const { stdout } = finish(program, spawnSync(program, args, { encoding: 'utf8', ...options }))
    const values = stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line)[key])
      .filter((value) => typeof value === 'number')
    if (values.length === 0) throw new Error(`${program} printed no ${key}`)
    return values
  }
}

function finish(program, result) {
  if (result.error) throw result.error
  if (result.status !== 0)
    throw new Error(`${program} ended with ${result.status}: ${result.stderr}`)
  return result
}
