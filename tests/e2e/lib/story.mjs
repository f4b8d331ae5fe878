import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Device, OUT } from './driver.mjs'

/** A test on one fresh device. When it fails, the last picture, the page and the log stay in out/. */
export function story(name, options, tell) {
  if (typeof options === 'function') return story(name, {}, options)
  return test(name, { timeout: options.timeout ?? 300_000 }, async (t) => {
    const device = await Device.open(options)
    try {
      await tell(device, t)
    } catch (error) {
      await keepEvidence(device, name)
      throw error
    } finally {
      await device.close()
    }
  })
}

async function keepEvidence(device, name) {
  const slug = `failed-${name.replace(/[^\p{L}\p{N}]+/gu, '-')}`
  try {
    writeFileSync(join(OUT, `${slug}.log`), device.readLog())
    await device.shot(slug)
    writeFileSync(join(OUT, `${slug}.txt`), await device.words())
  } catch {
    // the window may be gone; the first error is the one that counts
  }
}
