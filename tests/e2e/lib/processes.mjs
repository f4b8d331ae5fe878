// The programs around the app: display, message bus, keystore, driver. All end with the run.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { PATIENCE, until } from './wait.mjs'

const run = promisify(execFile)
const running = new Set()
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')))
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))

/**
 * Starts a program with its own log file. `pipes` names what else stands at descriptor 3,
 * and whether stdin or stdout are wanted.
 */
export function start(program, args, { env = process.env, log, stdio = {} }) {
  const out = openSync(log, 'a')
  const { stdin = 'ignore', stdout = out, extra = [] } = stdio
  const child = spawn(program, args, { env, stdio: [stdin, stdout, out, ...extra] })
  closeSync(out)
  child.ended = new Promise((done) => {
    child.once('exit', done)
    child.once('error', (error) => {
      child.failure = error
      done(error)
    })
  })
  running.add(child)
  child.ended.then(() => running.delete(child))
  return child
}

/** Asks a program to end, and ends it when it does not listen. */
export async function stop(child) {
  if (!child || child.exitCode !== null || child.signalCode !== null || child.failure) return
  const force = setTimeout(() => child.kill('SIGKILL'), 3_000)
  child.kill('SIGTERM')
  await child.ended
  clearTimeout(force)
}

/** The first line a program writes to `stream`, or an error when it ends without one. */
export async function firstLine(child, stream, what) {
  const lines = createInterface({ input: stream })
  const timer = AbortSignal.timeout(PATIENCE)
  const failed = child.ended.then(() => {
    throw new Error(`${what} ended before it was ready`, { cause: child.failure })
  })
  try {
    const [line] = await Promise.race([once(lines, 'line', { signal: timer }), failed])
    return line
  } catch (error) {
    throw new Error(`${what} said nothing`, { cause: error })
  } finally {
    failed.catch(() => {})
    lines.close()
  }
}

/** A virtual screen such as `1280x800`; Xvfb itself picks a free display and tells us. */
export async function startDisplay(screen, log) {
  const args = ['-displayfd', '3', '-screen', '0', `${screen}x24`, '-nolisten', 'tcp', '-noreset']
  const child = start('Xvfb', args, { log, stdio: { extra: ['pipe'] } })
  const number = await firstLine(child, child.stdio[3], 'Xvfb')
  return { child, display: `:${number.trim()}` }
}

/** A message bus of this run only, so that no keystore of the person at this machine is touched. */
export async function startBus(folder, env, log) {
  const args = ['--session', '--nofork', '--print-address=3', `--address=unix:dir=${folder}`]
  const child = start('dbus-daemon', args, { env, log, stdio: { extra: ['pipe'] } })
  return { child, address: (await firstLine(child, child.stdio[3], 'dbus-daemon')).trim() }
}

/** A keystore (Secret Service) on the run's bus, unlocked with a throw-away password. */
export async function startKeystore(env, log) {
  const args = ['--foreground', '--unlock', '--components=secrets']
  const child = start('gnome-keyring-daemon', args, { env, log, stdio: { stdin: 'pipe' } })
  child.stdin.end('doorstep-e2e')
  const question = [
    '--session',
    '--print-reply',
    '--dest=org.freedesktop.DBus',
    '/org/freedesktop/DBus',
  ]
  const call = ['org.freedesktop.DBus.NameHasOwner', 'string:org.freedesktop.secrets']
  await until('gnome-keyring-daemon offers its secrets on the bus', async () => {
    const { stdout } = await run('dbus-send', [...question, ...call], { env })
    return stdout.includes('boolean true')
  })
  return child
}

/** A port of the loopback that was free a moment ago. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

/** The processes below `ancestor` that run the program `binary`. */
export function findProcesses(ancestor, binary) {
  const parents = new Map()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
      parents.set(Number(name), { parent, program: readlinkSync(`/proc/${name}/exe`) })
    } catch {
      // it ended while we looked
    }
  }
  const isBelow = (pid) => {
    for (let at = pid; parents.has(at); at = parents.get(at).parent)
      if (at === ancestor) return true
    return false
  }
  return [...parents]
    .filter(([pid, { program }]) => program === binary && isBelow(pid))
    .map(([pid]) => pid)
}
