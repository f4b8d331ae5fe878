// tus clients that nobody here wrote, against the real hub, over a link that breaks every 250 KB.
import assert from 'node:assert/strict'
import { execFile, execFileSync, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import * as tus from 'tus-js-client'
import { startProxy } from './proxy.mjs'

const HUB = process.env.DOORSTEP_HUB
const PYTHON = process.env.DOORSTEP_PYTHON
const CUT = 250_000
const PHOTOS = 6
const PHOTO_BYTES = 900_000

const dir = mkdtempSync(join(tmpdir(), 'doorstep-foreign-'))
const data = join(dir, 'data')
const office = (...args) => execFileSync(HUB, ['--data', data, ...args], { encoding: 'utf8' })
let hub, address, token

before(async () => {
  office('staff', 'add', '3101', '周建国', '--role', 'technician', '--team', '一班')
  const code = office('enrol', '3101').trim()
  hub = spawn(HUB, ['--data', data, 'serve', '--listen', '127.0.0.1:0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const lines = createInterface({ input: hub.stdout })[Symbol.asyncIterator]()
  const { value } = await lines.next()
  address = new URL(value.slice(value.indexOf('http')))
  const enrolled = await fetch(new URL('/v1/enrol', address), {
    method: 'POST',
    body: JSON.stringify({ proto: 1, code, device_name: 'foreign' }),
  })
  token = (await enrolled.json()).token
})

after(async () => {
  // it still writes while it goes
  if (hub?.exitCode === null) {
    const gone = new Promise((next) => hub.once('exit', next))
    hub.kill()
    await gone
  }
  rmSync(dir, { recursive: true })
})

function photos(count, bytes) {
  return Array.from({ length: count }, () => {
    const content = randomBytes(bytes)
    const sha256 = createHash('sha256').update(content).digest('hex')
    const file = join(dir, sha256)
    writeFileSync(file, content)
    return { content, sha256, file }
  })
}

function arrived({ content, sha256 }) {
  const stored = readFileSync(join(data, 'blobs', sha256.slice(0, 2), sha256))
  assert.ok(stored.equals(content), 'the hub holds other bytes')
}

/** Runs a client over a link that breaks, and looks at what it took. */
async function overBadLink(client, count = PHOTOS, bytes = PHOTO_BYTES) {
  const proxy = await startProxy({ host: address.hostname, port: address.port }, CUT)
  try {
    const all = photos(count, bytes)
    for (const photo of all) await client(`${proxy.url}/v1/uploads`, photo)
    all.forEach(arrived)
    const ratio = proxy.sent() / (count * bytes)
    console.log(`${count} × ${bytes} bytes, ${proxy.cuts()} cuts, ${ratio.toFixed(3)} × the bytes`)
    assert.ok(proxy.cuts() >= Math.floor((count * bytes) / CUT) - count, 'the link was cut')
    return { ratio, cuts: proxy.cuts() }
  } finally {
    proxy.close()
  }
}

function tusJs(extra = {}) {
  return (endpoint, { content, sha256 }) =>
    new Promise((resolve, reject) => {
      const upload = new tus.Upload(content, {
        endpoint,
        metadata: { sha256 },
        headers: { Authorization: `Bearer ${token}` },
        retryDelays: [0, 20, 50, 100, 200],
        onSuccess: resolve,
        onError: reject,
        ...extra,
      })
      upload.start()
    })
}

async function tuspy(endpoint, { file, sha256 }) {
  const script = new URL('upload.py', import.meta.url).pathname
  await promisify(execFile)(PYTHON, [script, endpoint, token, file, sha256])
}

test('tus-js-client brings every photo over', async () => {
  await overBadLink(tusJs())
})

test('tus-js-client brings the first bytes along with the creation', async () => {
  // a creation that is lost is sent again with all its bytes, so it must be smaller than what the link carries
  await overBadLink(tusJs({ uploadDataDuringCreation: true, chunkSize: 100_000 }))
})

test('tus-js-client brings every photo over in chunks', async () => {
  await overBadLink(tusJs({ chunkSize: 64 * 1024 }))
})

test('tuspy brings every photo over', async () => {
  await overBadLink(tuspy, 3)
})

test('a client that lies about the hash is told', async () => {
  const [photo] = photos(1, 10_000)
  const lie = { ...photo, sha256: 'a'.repeat(64) }
  const proxy = await startProxy({ host: address.hostname, port: address.port }, CUT)
  const sent = tusJs({ retryDelays: null })(`${proxy.url}/v1/uploads`, lie)
  await assert.rejects(sent, (error) => error.originalResponse.getStatus() === 460)
  proxy.close()
})

test('the hub is whole afterwards', () => {
  assert.match(office('verify'), /文件 21，未到文件 0/)
})
