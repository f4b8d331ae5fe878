// The window itself: it opens, it takes taps and Chinese, it comes back after a crash.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { story } from '../lib/story.mjs'

story('the window opens and takes a tap', async (device) => {
  await device.see('Doorstep 上门')
  await device.tap('hello')
  await device.see('敲门 1 次')
  await device.tap('敲门 1 次')
  await device.see('敲门 2 次')
  await device.shot('shell-landscape')
  assert.deepEqual(await device.axe(), [])
})

story('the window stands upright', { screen: 'portrait' }, async (device) => {
  await device.see('Doorstep 上门')
  await device.shot('shell-portrait')
})

story('the app comes back after kill -9, on the same home', async (device) => {
  await device.see('Doorstep 上门')
  await device.kill()
  await device.start()
  await device.see('Doorstep 上门')
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
