// The window itself: it opens, it turns, it comes back after a crash, it says why it cannot open.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { until } from '../lib/driver.mjs'
import { story } from '../lib/story.mjs'

/** The first page, whatever it is today: painted, titled, with words on it. */
async function isOpen(device) {
  await until('there are words on the page', async () => (await device.words()).trim() !== '')
  assert.equal(await device.session.look(() => document.title), 'Doorstep 上门')
}

story('the window opens, and axe finds nothing serious on its first page', async (device) => {
  await isOpen(device)
  await device.shot('shell-landscape')
  assert.deepEqual(await device.axe(), [])
})

story('the window stands upright', { screen: 'portrait' }, async (device) => {
  await isOpen(device)
  await device.shot('shell-portrait')
})

story('the window turns', { screen: 'turning' }, async (device) => {
  await isOpen(device)
  await device.resize(800, 1280)
  await device.resize(1280, 800)
})

story('the app comes back after kill -9, on the same home', async (device) => {
  await isOpen(device)
  await device.kill()
  await device.start()
  await isOpen(device)
})

story('a page from elsewhere does not open in the window', async (device) => {
  await isOpen(device)
  const before = await device.session.get('/url')
  await device.session.look(() => void location.assign('data:text/html,elsewhere'))
  await device.session.look(() => void location.assign('file:///etc/hostname'))
  assert.equal(await device.session.get('/url'), before)
  await isOpen(device)
})

test('without a display it says so and leaves with 2', () => {
  const env = { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '' }
  const { status, stderr } = spawnSync(process.env.DOORSTEP_BIN, { env, encoding: 'utf8' })
  assert.equal(status, 2)
  assert.match(stderr, /没有可用的显示器/)
  assert.match(stderr, /No display/)
  assert.doesNotMatch(stderr, /panicked/)
})

test('with a display that does not answer it says so and leaves with 2', () => {
  const env = { ...process.env, DISPLAY: ':32123', WAYLAND_DISPLAY: '' }
  const { status, stderr } = spawnSync(process.env.DOORSTEP_BIN, { env, encoding: 'utf8' })
  assert.equal(status, 2)
  assert.match(stderr, /连不上显示器/)
  assert.doesNotMatch(stderr, /panicked/)
})
