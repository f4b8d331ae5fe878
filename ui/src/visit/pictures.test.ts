import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { pictures } from './pictures'

describe('pictures', () => {
  let made = 0
  const given: string[] = []
  beforeEach(() => {
    made = 0
    given.length = 0
    vi.spyOn(URL, 'createObjectURL').mockImplementation(() => `blob:${(made += 1)}`)
    vi.spyOn(URL, 'revokeObjectURL').mockImplementation((url) => void given.push(url))
  })
  afterEach(() => vi.restoreAllMocks())

  test('a picture is read once and the one not seen longest is given back', async () => {
    const load = vi.fn(async () => new ArrayBuffer(4))
    const cache = pictures(load, 2)
    expect(await cache.url('a')).toBe('blob:1')
    await cache.url('b')
    expect(await cache.url('a')).toBe('blob:1')
    await cache.url('c')
    await Promise.resolve()
    expect(given).toEqual(['blob:2'])
    expect(load).toHaveBeenCalledTimes(3)
  })

  test('a picture that cannot be read is tried again at the next look', async () => {
    const load = vi
      .fn()
      .mockRejectedValueOnce({ code: 'blob_missing' })
      .mockResolvedValue(new ArrayBuffer(1))
    const cache = pictures(load)
    expect(await cache.url('a')).toBeNull()
    expect(await cache.url('a')).toBe('blob:1')
  })
})
