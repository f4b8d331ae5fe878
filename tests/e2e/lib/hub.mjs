// The company's server as a process, and the office's commands on its data.
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import * as processes from './processes.mjs'
import { until } from './wait.mjs'
import { OFFSET_MIN } from './zone.mjs'

/** A hub of one story. DOORSTEP_HUB names the program; run.sh sets it. */
export class Hub {
  static async open(folder) {
    const hub = new Hub(folder, await processes.freePort())
    hub.office('staff', 'add', '3100', '王海燕', '--role', 'lead', '--team', '一班')
    hub.office('staff', 'add', '3107', '周建国', '--role', 'technician', '--team', '一班')
    hub.office('staff', 'add', '3108', '李志强', '--role', 'technician', '--team', '一班')
    await hub.start()
    return hub
  }

  constructor(folder, port) {
    this.data = join(folder, 'hub')
    this.log = join(folder, 'hub.log')
    this.listen = `127.0.0.1:${port}`
    this.address = `http://${this.listen}`
    mkdirSync(this.data, { recursive: true })
  }

  /** Runs one of the office's commands; what it printed. */
  office(...args) {
    const all = ['--data', this.data, `--offset-min=${OFFSET_MIN}`, ...args]
    return execFileSync(process.env.DOORSTEP_HUB, all, { encoding: 'utf8' }).trim()
  }

  async start() {
    const args = ['--data', this.data, 'serve', '--listen', this.listen]
    this.child = processes.start(process.env.DOORSTEP_HUB, args, { log: this.log })
    await until('the hub answers', async () => (await fetch(`${this.address}/healthz`)).ok)
  }

  async stop() {
    await processes.stop(this.child)
  }
}
