// Pictures of screens in out/screens/, for a person to look at; axe looks along.
import assert from 'node:assert/strict'

/** Takes pictures and remembers what axe found. */
export class Album {
  troubles = []

  constructor(device, name) {
    this.device = device
    this.name = name
  }

  /** The window as it stands. */
  async take(screen) {
    const { width, height } = this.device.window
    const direction = width > height ? 'landscape' : 'portrait'
    await this.device.shot(`screens/${this.name}-${screen}-${direction}`)
    for (const trouble of await this.device.axe())
      this.troubles.push(`${screen}-${direction}: ${trouble.id} at ${trouble.where.join(' | ')}`)
  }

  /** The window as it stands, then turned, then turned back. */
  async both(screen) {
    const { width, height } = this.device.window
    await this.take(screen)
    await this.device.resize(height, width)
    await this.take(screen)
    await this.device.resize(width, height)
  }

  done = () => assert.deepEqual(this.troubles, [])
}
