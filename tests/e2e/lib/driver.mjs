// Doorstep as a person at the tablet meets it: look, tap, type, sign, photograph. No commands are called.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findField, findTarget, readPage, runAxe } from './page.mjs'
import * as processes from './processes.mjs'
import { until } from './wait.mjs'
import { Key, openSession } from './webdriver.mjs'
import { ZONE } from './zone.mjs'

export { Key } from './webdriver.mjs'
export { until } from './wait.mjs'

const here = dirname(fileURLToPath(import.meta.url))
/** Where pictures and logs go; not in git. */
export const OUT = resolve(here, '../out')
const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
)

/** Screen and window sizes. `turning` leaves room to go from one to the other with `resize`. */
const SCREENS = {
  landscape: { screen: '1280x800', width: 1280, height: 800 },
  portrait: { screen: '800x1280', width: 800, height: 1280 },
  desk: { screen: '1440x900', width: 1440, height: 900 },
  turning: { screen: '1280x1280', width: 1280, height: 800 },
}

/** The app under test: DOORSTEP_BIN, set by run.sh. */
function binary() {
  const path = process.env.DOORSTEP_BIN
  assert.ok(path, 'DOORSTEP_BIN names the app to test; start these tests with tests/e2e/run.sh')
  return realpathSync(path)
}

/** One device: a home folder that outlives restarts of the app, a screen, a bus and a keystore. */
export class Device {
  /**
   * @param {object} options
   * @param {'landscape' | 'portrait' | 'turning' | 'desk'} [options.screen]
   * @param {boolean} [options.keystore] false: no Secret Service on this device
   * @param {Record<string, string>} [options.env] more variables for the app
   */
  static async open({ screen = 'landscape', keystore = true, env = {} } = {}) {
    const device = new Device(screen, env)
    try {
      await device.#boot(keystore)
      await device.start()
    } catch (error) {
      await device.close()
      throw error
    }
    return device
  }

  constructor(screen, env) {
    this.binary = binary()
    mkdirSync(OUT, { recursive: true })
    this.size = SCREENS[screen]
    this.folder = mkdtempSync(join(tmpdir(), 'doorstep-e2e-'))
    this.home = join(this.folder, 'home')
    this.log = join(this.folder, 'log.txt')
    this.helpers = []
    this.env = { ...process.env, ...this.#folders(), LANG: 'C.UTF-8', TZ: ZONE, ...env }
    delete this.env.WAYLAND_DISPLAY
  }

  #folders() {
    const at = (name) => {
      const folder = join(this.folder, name)
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      return folder
    }
    return {
      HOME: at('home'),
      XDG_DATA_HOME: at('home/.local/share'),
      XDG_CONFIG_HOME: at('home/.config'),
      XDG_CACHE_HOME: at('home/.cache'),
      XDG_STATE_HOME: at('home/.local/state'),
      XDG_RUNTIME_DIR: at('runtime'),
    }
  }

  async #boot(keystore) {
    const { child, display } = await processes.startDisplay(this.size.screen, this.log)
    this.helpers.push(child)
    this.env.DISPLAY = display
    const bus = await processes.startBus(this.env.XDG_RUNTIME_DIR, this.env, this.log)
    this.helpers.push(bus.child)
    this.env.DBUS_SESSION_BUS_ADDRESS = bus.address
    if (keystore) this.helpers.push(await processes.startKeystore(this.env, this.log))
  }

  /** Starts the app (again) on the same home folder. */
  async start() {
    const port = await processes.freePort()
    const env = { ...this.env, TAURI_WEBVIEW_AUTOMATION: 'true' }
    this.driver = processes.start('WebKitWebDriver', [`--port=${port}`], { env, log: this.log })
    const ready = async () => (await fetch(`http://127.0.0.1:${port}/status`)).ok
    await until('WebKitWebDriver answers', ready)
    this.session = await openSession(port, this.binary)
    await this.resize(this.size.width, this.size.height)
    await until('the page is loaded', () =>
      this.session.look(() => document.readyState === 'complete'),
    )
  }

  /** Pulls the plug: `kill -9` for the app, nothing is told to it. */
  async kill() {
    const pids = processes.findProcesses(this.driver.pid, this.binary)
    assert.equal(pids.length, 1, 'one app runs')
    process.kill(pids[0], 'SIGKILL')
    await this.#endDriver()
  }

  /** Closes the window as a person would, and waits until the app is gone. */
  async quit() {
    await this.session?.close().catch(() => {})
    await this.#endDriver()
  }

  async #endDriver() {
    const driver = this.driver
    this.driver = this.session = undefined
    if (!driver) return
    const pids = processes.findProcesses(driver.pid, this.binary)
    await processes.stop(driver)
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // it went with its driver
      }
    }
  }

  /** Ends everything and removes the device's folder. */
  async close() {
    await this.quit()
    for (const helper of this.helpers.splice(0).reverse()) await processes.stop(helper)
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }

  /** Gives the window a new size, in pixels. */
  async resize(width, height) {
    await this.session.post('/window/rect', { x: 0, y: 0, width, height })
    const fits = () =>
      this.session.look((w, h) => innerWidth === w && innerHeight === h, width, height)
    await until(`the page is ${width}×${height}`, fits)
    this.window = { width, height }
  }

  /** Waits until something with this data-testid, or these words, stands still and uncovered, and gives its middle. */
  async target(wanted, { within } = {}) {
    let last
    return until(
      () => `${last?.trouble ?? `“${wanted}” keeps moving`}`,
      async () => {
        const before = last
        last = await this.session.look(findTarget, wanted, within ?? null)
        return !last.trouble && before?.x === last.x && before?.y === last.y && last
      },
    )
  }

  /** Taps what has this data-testid or says these words. */
  async tap(wanted, options) {
    const { x, y } = await this.target(wanted, options)
    await this.session.point([
      { type: 'pointerMove', x, y, origin: 'viewport' },
      { type: 'pointerDown', button: 0 },
      { type: 'pointerUp', button: 0 },
    ])
  }

  /** Holds a finger on something for `ms` milliseconds. */
  async hold(wanted, ms, options) {
    const { x, y } = await this.target(wanted, options)
    await this.session.point([
      { type: 'pointerMove', x, y, origin: 'viewport' },
      { type: 'pointerDown', button: 0 },
      { type: 'pause', duration: ms },
      { type: 'pointerUp', button: 0 },
    ])
  }

  async #field(wanted) {
    return until(`a field “${wanted}”`, () => this.session.look(findField, wanted))
  }

  /** Types into the field with this data-testid, label or placeholder, in place of what stood there. */
  async typeInto(wanted, text) {
    assert.doesNotMatch(
      text,
      /[\u{10000}-\u{10FFFF}]/u,
      'WebKitWebDriver drops characters beyond U+FFFF; import them',
    )
    const field = await this.#field(wanted)
    const filled = await this.session.look((node) => {
      node.scrollIntoView({ block: 'center', behavior: 'instant' })
      node.focus()
      return (node.value ?? node.textContent) !== ''
    }, field)
    if (filled) await this.session.press([Key.control, 'a'], Key.delete)
    if (text !== '') await this.session.type(field, text)
  }

  /** Presses keys: letters, `Key.tab`, or chords such as `[Key.control, 'z']`. */
  press = (...keys) => this.session.press(...keys)

  /** Gives a file to the file field with this data-testid (itself or inside), as if chosen in the file window. */
  async upload(wanted, ...paths) {
    const find = (name) => {
      const node = document.querySelector(`[data-testid="${CSS.escape(name)}"]`)
      return node?.matches('input[type=file]') ? node : node?.querySelector('input[type=file]')
    }
    const field = await until(`a file field “${wanted}”`, () => this.session.look(find, wanted))
    await this.session.type(field, paths.map((path) => resolve(path)).join('\n'))
  }

  /** Draws strokes on something; points are fractions of its width and height. */
  async draw(wanted, strokes) {
    const { element } = await this.target(wanted)
    const box = await this.session.look((node) => node.getBoundingClientRect().toJSON(), element)
    const place = ([x, y]) => ({
      x: Math.round(box.x + x * box.width),
      y: Math.round(box.y + y * box.height),
      origin: 'viewport',
    })
    for (const [first, ...rest] of strokes) {
      const moves = rest.map((point) => ({ type: 'pointerMove', duration: 12, ...place(point) }))
      const down = [
        { type: 'pointerMove', ...place(first) },
        { type: 'pointerDown', button: 0 },
      ]
      await this.session.point([...down, ...moves, { type: 'pointerUp', button: 0 }])
    }
  }

  /** Signs: two strokes that a pen would make. */
  async sign(wanted) {
    const wave = Array.from({ length: 24 }, (_, i) => [0.2 + i * 0.02, 0.5 + 0.2 * Math.sin(i / 2)])
    await this.draw(wanted, [
      wave,
      [
        [0.3, 0.25],
        [0.45, 0.4],
        [0.4, 0.75],
      ],
    ])
  }

  /** All words on the page. */
  words = () => this.session.look(readPage)

  /** Waits until these words can be read. */
  async see(...texts) {
    for (const text of texts) {
      const hint = async () => `the page says “${text}”. It says:\n${await this.words()}`
      await until(hint, async () => squeeze(await this.words()).includes(squeeze(text)))
    }
  }

  /** Waits until these words are gone (or finds that they never were). */
  async dontSee(...texts) {
    for (const text of texts)
      await until(
        `the page no longer says “${text}”`,
        async () => !squeeze(await this.words()).includes(squeeze(text)),
      )
  }

  /**
   * A picture of the window in out/NAME.png, taken from the screen itself: the driver's own screenshot
   * never answers when WebKitGTK draws without shared GPU buffers.
   */
  async shot(name) {
    await this.session.lookLater(async () => {
      await document.fonts.ready
      // two frames: the first may have been under way before the last change
      for (let frame = 0; frame < 2; frame += 1)
        await new Promise((next) => requestAnimationFrame(next))
    })
    const path = join(OUT, `${name}.png`)
    mkdirSync(dirname(path), { recursive: true })
    const { width, height } = this.window
    await this.#grab(['-window', 'root', '-crop', `${width}x${height}+0+0`, '+repage', path])
    return path
  }

  #grab = (args) => promisify(execFile)('import', args, { env: this.env })

  /** What axe finds serious or critical on this page; an empty list is good. */
  async axe() {
    await this.session.post('/execute/sync', { script: `${axeSource}; return true`, args: [] })
    return this.session.lookLater(runAxe)
  }

  /** What the app and the programs around it wrote. */
  readLog = () => readFileSync(this.log, 'utf8')
}

const squeeze = (text) => text.replace(/\s+/g, ' ')
