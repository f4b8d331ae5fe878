// The cold start: from exec to the first order's text on the screen.
//
// The app is the shipped one and knows nothing of this. Once, before the rounds, WebDriver says where the text stands,
// and the pixels there are kept. Each round starts the program by itself and reads the screen until they are back.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import * as processes from '../../tests/e2e/lib/processes.mjs'
import { until } from '../../tests/e2e/lib/wait.mjs'
import { openSession } from '../../tests/e2e/lib/webdriver.mjs'
import { run } from './measure.mjs'
import { shades, startScreen } from './screen.mjs'

/** Milliseconds between two looks at the screen. */
const LOOK = 2
/** Milliseconds after which a start counts as failed. */
const PATIENCE = 60_000

/** A home folder, a screen, a message bus and a keystore for the windows to be measured. */
export class Stage {
  static async open() {
    const stage = new Stage()
    try {
      await stage.#boot()
    } catch (error) {
      await stage.close()
      throw error
    }
    return stage
  }

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'doorstep-bench-'))
    this.log = join(this.folder, 'log.txt')
    this.helpers = []
    const at = (name) => {
      const folder = join(this.folder, name)
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      return folder
    }
    this.data = at('home/.local/share')
    this.env = {
      ...process.env,
      HOME: at('home'),
      XDG_DATA_HOME: this.data,
      XDG_CONFIG_HOME: at('home/.config'),
      XDG_CACHE_HOME: at('home/.cache'),
      XDG_STATE_HOME: at('home/.local/state'),
      XDG_RUNTIME_DIR: at('runtime'),
      LANG: 'C.UTF-8',
      TZ: 'Asia/Shanghai',
    }
    delete this.env.WAYLAND_DISPLAY
    delete this.env.WEBKIT_DISABLE_DMABUF_RENDERER
  }

  async #boot() {
    const { child, display, screen } = await startScreen(this.folder, this.log)
    this.helpers.push(child)
    this.screen = screen
    this.env.DISPLAY = display
    const bus = await processes.startBus(this.env.XDG_RUNTIME_DIR, this.env, this.log)
    this.helpers.push(bus.child)
    this.env.DBUS_SESSION_BUS_ADDRESS = bus.address
    this.helpers.push(await processes.startKeystore(this.env, this.log))
  }

  /** Makes the profile that the app opens, with imported orders. */
  profile(program, orders) {
    run(program, [join(this.data, 'com.doorstep.app'), String(orders)], { env: this.env })
  }

  /** How long `program` takes until the text of the element `selector` is on the screen, in milliseconds. */
  async contestant(program, selector, more = {}) {
    const env = { ...this.env, ...more }
    const text = await this.#locate(program, selector, env)
    return () => this.#time(program, text, env)
  }

  /** Where the text stands and how it looks there. */
  async #locate(program, selector, env) {
    const port = await processes.freePort()
    const automatic = { ...env, TAURI_WEBVIEW_AUTOMATION: 'true' }
    const driver = processes.start('WebKitWebDriver', [`--port=${port}`], {
      env: automatic,
      log: this.log,
    })
    try {
      await until(
        'WebKitWebDriver answers',
        async () => (await fetch(`http://127.0.0.1:${port}/status`)).ok,
      )
      const session = await openSession(port, program)
      const place = await until(`the page shows ${selector}`, () => session.look(placeOf, selector))
      const look = await this.#settled(place)
      await session.close()
      return { place, look }
    } finally {
      await processes.stop(driver)
      await pause(500)
    }
  }

  /** The pixels of a place, once something is written there and has not changed for a second. */
  async #settled(place) {
    const start = performance.now()
    let last = this.screen.read(place)
    let since = start
    while (performance.now() - since < 1000) {
      assert.ok(performance.now() - start < PATIENCE, 'nothing is written there')
      await pause(50)
      const now = this.screen.read(place)
      if (!now.equals(last) || shades(now) <= 4) since = performance.now()
      last = now
    }
    return last
  }

  async #time(program, { place, look }, env) {
    assert.ok(!this.screen.read(place).equals(look), 'the screen still shows the last window')
    const log = openSync(this.log, 'a')
    const start = performance.now()
    // a group of its own, so that the webview's processes end with it
    const child = spawn(program, [], { env, detached: true, stdio: ['ignore', log, log] })
    try {
      while (!this.screen.read(place).equals(look)) {
        assert.ok(child.exitCode === null, `${program} ended by itself`)
        assert.ok(performance.now() - start < PATIENCE, `${program} never showed its text`)
        await pause(LOOK)
      }
      return performance.now() - start
    } finally {
      await endGroup(child)
    }
  }

  /** Ends everything and removes the folder. */
  async close() {
    for (const helper of this.helpers.splice(0).reverse()) await processes.stop(helper)
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Runs in the page: the element's box in whole pixels of the screen, when it stands there in its final font. */
function placeOf(selector) {
  const node = document.querySelector(selector)
  if (!node || !node.innerText.trim() || document.fonts.status !== 'loaded') return null
  const words = document.createRange()
  words.selectNodeContents(node)
  const box = words.getBoundingClientRect()
  const [x, y] = [Math.floor(box.x + screenX), Math.floor(box.y + screenY)]
  return { x, y, width: Math.ceil(box.width), height: Math.ceil(box.height) }
}

/** Ends a program and all that it started. */
async function endGroup(child) {
  const gone =
    child.exitCode === null && child.signalCode === null
      ? new Promise((done) => child.once('exit', done))
      : undefined
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // it never began, or its group is gone
  }
  await gone
  // the screen is cleared when the window's owner is gone; init may be slow to reap, so the group is not waited for
  await pause(300)
}
