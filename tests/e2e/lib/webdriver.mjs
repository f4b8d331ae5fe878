// A W3C WebDriver client, as much of it as WebKitWebDriver needs.

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'

/** An answer of the driver that is an error, with the standard's own code. */
export class WebDriverError extends Error {
  constructor({ error, message }, what) {
    super(`${what}: ${error}: ${message}`)
    this.code = error
  }
}

async function send(base, method, path, body) {
  const reply = await fetch(base + path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: method === 'POST' ? JSON.stringify(body ?? {}) : undefined,
    signal: AbortSignal.timeout(60_000),
  })
  const { value } = await reply.json()
  if (!reply.ok) throw new WebDriverError(value, `${method} ${path}`)
  return value
}

/** Starts the app through the driver at `port` and gives its session. */
export async function openSession(port, binary, args = []) {
  const base = `http://127.0.0.1:${port}`
  const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': { binary, args } } }
  const { sessionId } = await send(base, 'POST', '/session', { capabilities })
  return new Session(`${base}/session/${sessionId}`)
}

/** One running window. Elements are plain ids. */
export class Session {
  constructor(base) {
    this.base = base
  }

  get = (path) => send(this.base, 'GET', path)
  post = (path, body) => send(this.base, 'POST', path, body)
  close = () => send(this.base, 'DELETE', '')

  /** Runs `body` in the page; elements go in and come out as ids. Only for looking, never for acting. */
  async look(body, ...args) {
    const script = `return (${body}).apply(null, arguments)`
    return unwrap(await this.post('/execute/sync', { script, args: args.map(wrap) }))
  }

  /** Like `look`, for a function that returns a promise. */
  async lookLater(body, ...args) {
    const script = `const done = arguments[arguments.length - 1];
      (${body}).apply(null, [...arguments].slice(0, -1)).then(
        (good) => done({ good }), (bad) => done({ bad: String(bad) }))`
    const { good, bad } = await this.post('/execute/async', { script, args: args.map(wrap) })
    if (bad !== undefined) throw new Error(`in the page: ${bad}`)
    return unwrap(good)
  }

  /** Real pointer movements; `steps` as in the standard's pointer actions. */
  async point(steps) {
    const pointer = { type: 'pointer', id: 'finger', parameters: { pointerType: 'mouse' } }
    await this.post('/actions', { actions: [{ ...pointer, actions: steps }] })
  }

  /** Presses keys one after the other; each entry is one key or a chord (`[CONTROL, 'a']`). */
  async press(...keys) {
    const actions = keys.flatMap((key) => {
      const chord = [key].flat()
      const down = chord.map((value) => ({ type: 'keyDown', value }))
      const up = chord.toReversed().map((value) => ({ type: 'keyUp', value }))
      return [...down, ...up]
    })
    await this.post('/actions', { actions: [{ type: 'key', id: 'keyboard', actions }] })
  }

  type = (element, text) => this.post(`/element/${element.id}/value`, { text })
}

const wrap = (value) => (value?.id ? { [ELEMENT]: value.id } : value)

function unwrap(value) {
  if (Array.isArray(value)) return value.map(unwrap)
  if (value && typeof value === 'object') {
    if (value[ELEMENT]) return { id: value[ELEMENT] }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrap(inner)]))
  }
  return value
}

/** Keys that have no letter. */
export const Key = {
  enter: '\uE007',
  tab: '\uE004',
  escape: '\uE00C',
  backspace: '\uE003',
  delete: '\uE017',
  control: '\uE009',
  shift: '\uE008',
  left: '\uE012',
  up: '\uE013',
  right: '\uE014',
  down: '\uE015',
}
