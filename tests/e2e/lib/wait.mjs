import { setTimeout as pause } from 'node:timers/promises'

/** How long a page may take for one thing, in milliseconds. Generous: the machine may be busy with a build. */
export const PATIENCE = Number(process.env.DOORSTEP_E2E_PATIENCE ?? 15_000)

/**
 * Asks again and again until `probe` gives something truthy, and returns that.
 * When time is up, the last error or `what` tells what was waited for.
 */
export async function until(what, probe, { patience = PATIENCE, every = 50 } = {}) {
  const end = Date.now() + patience
  let last
  do {
    try {
      const answer = await probe()
      if (answer) return answer
      last = undefined
    } catch (error) {
      if (error.fatal) throw error
      last = error
    }
    await pause(every)
  } while (Date.now() < end)
  const why = typeof what === 'function' ? await what() : what
  throw new Error(`waited ${patience} ms in vain: ${why}`, { cause: last })
}
