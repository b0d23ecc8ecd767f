import { describe, expect, it } from 'vitest'
import { createSessions, InvalidSettingError } from '../src/index.ts'
import { runInNewContext } from 'node:vm'
import { cookieEngine } from './support/cookie-engine.ts'
import { mapEngine } from './support/map-engine.ts'

const NOW = 1_700_000_000_000
const OK = { status: 200, https: true, host: 'example.com' }
const clock = { now: () => NOW }
const engine = () => mapEngine({ now: clock.now })

describe('setExpiry', () => {
  it.each([1e12, -1e12, Number.MAX_VALUE])(
    'refuses %d seconds, which no Date can hold',
    (value) => {
      const session = createSessions({ engine: engine(), clock }).open()

      expect(() => session.setExpiry(value)).toThrow(InvalidSettingError)
    },
  )

  it('takes a date of another realm', () => {
    const session = createSessions({ engine: engine(), clock }).open()

    session.setExpiry(runInNewContext('new Date(1_700_000_060_000)') as Date)

    expect(session.getExpiryAge()).toBe(60)
  })
})

describe('an attribute', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY])('is refused that is %d', async (value) => {
    const manager = createSessions({ engine: engine(), clock, attributes: { n: () => value } })

    await expect(manager.open().set('a', 1).save()).rejects.toThrow(`and returned ${value}`)
  })
})

describe('a cookie engine', () => {
  it.each([0, -1, 1.5, Number.NaN])('is refused that splits into %d cookies', (chunks) => {
    expect(() => createSessions({ engine: cookieEngine({ chunks }) })).toThrow(/engine\.chunks/)
  })

  it('opens the session in parts before values that stand alone under the name', async () => {
    const manager = createSessions({ engine: cookieEngine({ chunks: 4 }), clock })
    const large = manager.open()
    large.set('text', 'x'.repeat(5000))
    const { setCookie } = await manager.commit(large, OK)
    const parts = setCookie.map((line) => line.split(';')[0])
    const junk = Array.from({ length: 5 }, (_, index) => `sessionid=junk${index}`)

    const session = await manager.openFromCookies([...junk, ...parts].join('; ')).load()

    expect(session.get('text')).toHaveLength(5000)
  })
})

describe('a new session', () => {
  it('is not stored for a key that is undefined', async () => {
    const store = engine()
    const manager = createSessions({ engine: store, clock })
    const session = await manager.openFromCookies('').load()
    session.set('user', undefined)

    const committed = await manager.commit(session, OK)

    expect(committed.setCookie).toEqual([])
    expect(store.calls).toEqual([])
  })
})
