import { describe, expect, it } from 'vitest'
import { createSessions } from '../src/index.ts'
import { SessionEngineError } from '../src/errors.ts'
import type { SessionEvent } from '../src/events.ts'
import { handleOf } from '../src/session/session-key.ts'
import { cookieEngine } from './support/cookie-engine.ts'
import { mapEngine } from './support/map-engine.ts'
import { caught, keyIn, site } from './support/site.ts'

const unknown = 'a'.repeat(32)
const types = (events: readonly SessionEvent[]) => events.map(({ type }) => type)

function failToLog(): never {
  throw new Error('the log is full')
}

describe('onEvent', () => {
  it('reports a created session, by its handle', async () => {
    const { events, visit } = site()

    const { cookie } = await visit({}, (session) => session.set('a', 1))

    expect(events).toEqual([{ type: 'created', handle: handleOf(keyIn(cookie)) }])
  })

  it('reports a rotation, by the new handle', async () => {
    const { events, visit } = site()
    const first = await visit({}, (session) => session.set('a', 1))
    events.length = 0

    const { cookie } = await visit({ cookie: first.cookie }, (session) => session.cycleKey())

    expect(events).toEqual([{ type: 'rotated', handle: handleOf(keyIn(cookie)) }])
  })

  it('reports a session that was ended by a flush or an expiry in the past', async () => {
    const { events, raw, visit } = site()
    const first = await visit({}, (session) => session.set('a', 1))
    const second = await visit({}, (session) => session.set('a', 1))
    events.length = 0

    await raw({ cookie: first.cookie }, (session) => session.flush())
    await visit({ cookie: second.cookie }, (session) => session.setExpiry(-1))
    await raw({ cookie: `sessionid=${unknown}` }, (session) => session.flush())

    expect(events).toEqual([
      { type: 'ended', handle: handleOf(keyIn(first.cookie)) },
      { type: 'ended', handle: handleOf(keyIn(second.cookie)) },
    ])
  })

  it('reports a conflict', async () => {
    const { events, visit } = site()
    const { cookie } = await visit({}, (session) => session.set('a', 1))
    events.length = 0

    await visit({ cookie }, async (session) => {
      session.set('b', 1)
      await visit({ cookie }, (other) => other.set('c', 1))
    })

    expect(events).toEqual([{ type: 'conflict', handle: handleOf(keyIn(cookie)) }])
  })

  it('reports an unknown key, a malformed one and a rotated one', async () => {
    const { events, visit } = site()
    const { cookie } = await visit({}, (session) => session.set('a', 1))
    await visit({ cookie }, (session) => session.cycleKey())
    events.length = 0

    await visit({ cookie: `sessionid=${unknown}` })
    await visit({ cookie: 'sessionid=malformed' })
    await visit({ cookie })

    expect(events).toEqual([
      { type: 'rejected', reason: 'unknown', handle: handleOf(unknown) },
      { type: 'rejected', reason: 'malformed' },
      { type: 'rejected', reason: 'rotated', handle: handleOf(keyIn(cookie)) },
    ])
  })

  it('reports a failing store, with the session’s handle and the error that the request gets', async () => {
    const { events, fail, visit } = site()
    fail('load')

    const error = await caught(() => visit({ cookie: `sessionid=${unknown}` }))

    expect(events).toEqual([{ type: 'error', handle: handleOf(unknown), error }])
    expect(error).toBeInstanceOf(SessionEngineError)
  })

  it('reports nothing for an untouched session or a read', async () => {
    const { events, raw, visit } = site()
    const { cookie } = await visit({}, (session) => session.set('a', 1))
    events.length = 0

    await raw({ cookie })
    await raw({ cookie: 'sessionid=malformed' })
    await visit({ cookie }, (session) => session.get('a'))
    await visit({}, (session) => session.get('a'))

    expect(events).toEqual([])
  })

  it('may throw without failing the request', async () => {
    const { data, visit } = site({ onEvent: failToLog })

    const { cookie } = await visit({}, (session) => session.set('a', 1))

    expect(await data(cookie)).toEqual({ a: 1 })
  })

  it('may be omitted', async () => {
    const { visit } = site({ onEvent: undefined })

    expect((await visit({}, (session) => session.set('a', 1))).setCookie).toHaveLength(1)
  })

  it('reports each event once', async () => {
    const { events, visit } = site()

    const { cookie } = await visit({}, async (session) => {
      session.set('a', 1)
      await session.save()
      session.set('b', 1)
    })
    await visit({ cookie }, (session) => session.flush())

    expect(types(events)).toEqual(['created', 'ended'])
  })

  it('reports a logout with a cookie engine', async () => {
    const events: SessionEvent[] = []
    const manager = createSessions({
      engine: cookieEngine(),
      onEvent: (event) => events.push(event),
    })
    const session = manager.open()
    session.set('a', 1)
    const { setCookie } = await manager.commit(session, { status: 200 })
    const [cookie = ''] = setCookie
    const again = await manager.openFromCookies(cookie.split(';')[0]).load()
    events.length = 0

    again.flush()
    await manager.commit(again, { status: 200 })

    expect(types(events)).toEqual(['ended'])
  })

  it('reports a failed clearExpired and a failed find', async () => {
    const events: SessionEvent[] = []
    const engine = mapEngine({ now: () => 0 })
    const down = new Error('down')
    engine.clearExpired = () => Promise.reject(down)
    engine.find = () => {
      throw down
    }
    const manager = createSessions({
      engine,
      attributes: { a: () => 1 },
      onEvent: (event) => events.push(event),
    })

    await expect(manager.clearExpired()).rejects.toThrow(SessionEngineError)
    await expect(manager.end({ a: 1 })).rejects.toThrow(SessionEngineError)

    expect(types(events)).toEqual(['error', 'error'])
  })

  it('may reject without failing anything else', async () => {
    const manager = createSessions({
      engine: mapEngine({ now: () => 0 }),
      // Vitest fails the run on an unhandled rejection.
      onEvent: () => Promise.reject(new Error('the log is full')),
    })

    await expect(manager.open().set('a', 1).save()).resolves.toBeUndefined()
  })

  it.each([
    ['serializer', { serializer: { dumps: JSON.stringify, loads: JSON.parse } }],
    ['codec', { codec: { encode: (text: string) => text, decode: JSON.parse } }],
  ])(
    'does not get a payload that the application’s %s quotes in its error',
    async (what, settings) => {
      const events: SessionEvent[] = []
      const engine = mapEngine({ now: () => 0 })
      const key = 'k'.repeat(32)
      await engine.create(key, { data: 'recognisable', expiresAt: 1000 })
      const manager = createSessions({
        engine,
        hashKeys: false,
        clock: { now: () => 0 },
        onEvent: (event) => events.push(event),
        ...settings,
      })

      await manager.open(key).load()

      const [event] = events
      expect(event).toMatchObject({ type: 'suspicious' })
      expect(String(event?.type === 'suspicious' && event.error)).toBe(
        `Error: The ${what} cannot read the payload: it threw SyntaxError.`,
      )
    },
  )

  it('reports nothing for a stored expiry that is too large for a number', async () => {
    const engine = mapEngine({ now: () => 0 })
    const key = 'k'.repeat(32)
    await engine.create(key, { data: '{"_session_expiry":1e400}', expiresAt: 1000 })
    const manager = createSessions({ engine, hashKeys: false, clock: { now: () => 0 } })
    const session = await manager.open(key).load()

    await session.set('a', 1).save()

    expect(session.getExpiryAge()).toBe(1_209_600)
  })
})
