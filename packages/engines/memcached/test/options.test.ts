import { InvalidSettingError, type SessionRecord } from '@sessions/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { memcachedEngine, type MemcachedClient, type Value } from '../src/index.ts'

const NOW = Date.UTC(2026, 0)
const SECOND = 1000
const DAY = 86_400 * SECOND

const record = (life: number): SessionRecord => ({ data: '{}', expiresAt: NOW + life })

/** A client that stores nothing, and notes the values that it is given. */
function notingClient(told: Partial<MemcachedClient> = {}): MemcachedClient & { values: Value[] } {
  const values: Value[] = []
  return {
    values,
    metaGet: async () => undefined,
    metaSet: async (_, value) => {
      values.push(value)
      return { status: 'stored', cas: '1' }
    },
    metaDelete: async () => 'missing',
    ...told,
  }
}

/** The item of a live session. */
const stored = { value: `${NOW + DAY}:{}`, cas: '1' }

describe('memcachedEngine', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW }))
  afterEach(() => void vi.useRealTimers())

  it.each([
    ['a session that ends now', 0, -1],
    ['a session that has ended', -SECOND, -1],
    ['one millisecond', 1, 2],
    ['one second', SECOND, 2],
    ['a little more than a second', SECOND + 1, 3],
    ['the longest duration that memcached takes', 30 * DAY - SECOND, 30 * 86_400],
    ['a millisecond more than that', 30 * DAY - SECOND + 1, NOW / SECOND + 30 * 86_400 + 1],
    ['400 days', 400 * DAY, NOW / SECOND + 400 * 86_400 + 1],
    ['the latest time that memcached represents', (2 ** 31 - 2) * SECOND - NOW, 2 ** 31 - 1],
    ['a millisecond later than that', (2 ** 31 - 2) * SECOND - NOW + 1, 0],
  ])('sets an exptime that is not too short for %s', async (_, life, exptime) => {
    const client = notingClient({ metaGet: async () => stored })
    const engine = memcachedEngine(client)
    await engine.create('id', record(life))
    await engine.save('id', record(life))
    await engine.touch('id', record(life), `${NOW + DAY}:1`)
    expect(client.values.map((value) => value.exptime)).toEqual([exptime, exptime, exptime])
  })

  it('answers taken if other sessions come and go under the id during three attempts', async () => {
    const metaSet = vi.fn<MemcachedClient['metaSet']>(async () => ({ status: 'exists' }))
    const engine = memcachedEngine(notingClient({ metaSet }))
    expect(await engine.create('id', record(SECOND))).toEqual({ status: 'taken' })
    expect(metaSet).toHaveBeenCalledTimes(3)
  })

  it.each([
    [undefined, 5000],
    [100, 100],
    [Infinity, Infinity],
  ])('with the timeout %s, lets each call wait %s ms', async (timeout, milliseconds) => {
    const metaGet = vi.fn<MemcachedClient['metaGet']>(async () => stored)
    const metaDelete = vi.fn<MemcachedClient['metaDelete']>(async () => 'missing')
    const engine = memcachedEngine(notingClient({ metaGet, metaDelete }), { timeout })
    await engine.load('id')
    await engine.delete('id')
    expect(metaGet).toHaveBeenCalledWith('session:id', milliseconds)
    expect(metaDelete).toHaveBeenCalledWith('session:id', undefined, milliseconds)
  })

  it.each([undefined, null, {}, new Map(), 'localhost:11211', { metaGet() {} }])(
    'refuses %s as a client',
    (client) => {
      expect(() => memcachedEngine(client as never)).toThrow(/^client must be a client, as/)
    },
  )

  it.each<[options: unknown, message: RegExp]>([
    [null, /^options of memcachedEngine must be an object; valid names are keyPrefix, timeout/],
    [
      { prefix: 'x:' },
      /^prefix is not an option of memcachedEngine: valid names are keyPrefix, timeout/,
    ],
    [{ connect() {} }, /^connect is not an option of memcachedEngine/],
  ])('refuses the options %o', (options, message) => {
    expect(() => memcachedEngine(notingClient(), options as object)).toThrow(InvalidSettingError)
    expect(() => memcachedEngine(notingClient(), options as object)).toThrow(message)
  })

  it.each([0, -1, Number.NaN, '5000', null])('refuses the timeout %j', (timeout) => {
    expect(() => memcachedEngine(notingClient(), { timeout: timeout as number })).toThrow(
      /^timeout must be a positive/,
    )
  })

  it.each([1, 'with space', 'line\n', '\u0000', '\u00e9', '\u007f'])(
    'refuses the prefix %j',
    (keyPrefix) => {
      const options = { keyPrefix: keyPrefix as string }
      expect(() => memcachedEngine(notingClient(), options)).toThrow(/^keyPrefix must be/)
    },
  )

  it('refuses a prefix that leaves no room for an id', () => {
    expect(() => memcachedEngine(notingClient(), { keyPrefix: 'x'.repeat(186) })).not.toThrow()
    expect(() => memcachedEngine(notingClient(), { keyPrefix: 'x'.repeat(187) })).toThrow(
      /^keyPrefix must have at most 186 characters/,
    )
  })
})
