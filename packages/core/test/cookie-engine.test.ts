import { describe, expect, it } from 'vitest'
import type { CookieEngine } from '../src/engine/engine.ts'
import { cookieEngine } from './support/cookie-engine.ts'
import { site } from './support/site.ts'

const sealed = (settings = {}) => site({ engine: cookieEngine(), ...settings })
const valueIn = (cookie = '') => cookie.slice('sessionid='.length)

describe('a session in its cookie', () => {
  it('is there at the next request', async () => {
    const { data, visit } = sealed()

    const { cookie, setCookie } = await visit({}, (session) => session.set('a', { b: 1 }))

    expect(setCookie[0]).toMatch(/^sessionid=[\w-]+\.[\w-]+; Path=\/; Max-Age=1209600; /)
    expect(await data(cookie)).toEqual({ a: { b: 1 } })
  })

  it('commits synchronously, so that a stream can carry its cookie', () => {
    const { manager } = sealed()
    const session = manager.open()
    session.set('a', 1)

    expect(manager.commit(session, { status: 200 })).toMatchObject({
      setCookie: [expect.stringMatching(/^sessionid=/)],
      vary: 'Cookie',
    })
  })

  it('is not sealed again without a change', async () => {
    const { visit } = sealed()
    const { cookie } = await visit({}, (session) => session.set('a', { b: 1 }))

    expect(await visit({ cookie }, (session) => session.data)).toMatchObject({
      setCookie: [],
      vary: 'Cookie',
    })
    expect(await visit({ cookie })).toMatchObject({ setCookie: [], vary: undefined })
  })

  it('is sealed again after a nested change, and not on a 5xx', async () => {
    const { data, visit } = sealed()
    const { cookie } = await visit({}, (session) => session.set('a', [1]))

    const failed = await visit({ cookie, status: 500 }, (session) => session.get('a').push(2))
    const changed = await visit({ cookie }, (session) => session.get('a').push(3))

    expect(failed.setCookie).toEqual([])
    expect(await data(changed.cookie)).toEqual({ a: [1, 3] })
  })

  it('has its expiry inside, so the client cannot extend it', async () => {
    const { clock, data, events, visit } = sealed()
    const { cookie } = await visit({}, (session) => session.set('a', 1).setExpiry(10))

    clock.pass(9)
    expect(await data(cookie)).toEqual({ a: 1 })
    clock.pass(1)

    expect(await data(cookie)).toEqual({})
    expect(events.map(({ type }) => type)).toEqual(['created', 'expired'])
  })

  it('has ended once its own expiry date has passed, whatever deadline the engine returns', async () => {
    const { clock, visit } = site({ engine: forgetful(), saveEveryRequest: true })
    const { cookie } = await visit({}, (session) => {
      session.set('a', 1)
      session.setExpiry(new Date(clock.now() + 60_000))
    })

    clock.pass(60)
    const late = await visit({ cookie }, (session) => expect(session.toObject()).toEqual({}))

    expect(late.setCookie).toEqual([expect.stringContaining('Max-Age=0')])
  })

  it('that was tampered with is absent and reported, and its cookie is deleted once it is read', async () => {
    const { events, visit } = sealed()
    const { cookie } = await visit({}, (session) => session.set('admin', false))
    const forged = `sessionid=${valueIn(cookie).replace(/^./, 'X')}`

    const answer = await visit({ cookie: forged }, (session) => {
      expect(session.isEmpty).toBe(true)
      expect(session.get('admin')).toBeUndefined()
    })

    expect(answer.setCookie).toEqual([expect.stringContaining('sessionid=; Path=/; Max-Age=0;')])
    expect(events).toMatchObject([{ type: 'created' }, { type: 'suspicious' }])
  })

  it('is bound to the cookie’s name', async () => {
    const one = sealed()
    const { cookie } = await one.visit({}, (session) => session.set('a', 1))
    const other = sealed({ cookie: { name: 'other' } })

    expect(await other.data(`other=${valueIn(cookie)}`)).toEqual({})
  })

  it('whose payload does not decode is absent', async () => {
    const engine = cookieEngine()
    const { data, events, clock } = site({ engine })
    const context = { cookieName: 'sessionid', cookieAge: 60, now: clock.now() }
    const value = engine.seal({ data: 'no JSON', expiresAt: clock.now() + 1000 }, context)

    expect(await data(`sessionid=${value}`)).toEqual({})
    expect(events).toMatchObject([{ type: 'suspicious' }])
  })

  it('is the first of several cookies that verifies', async () => {
    const { data, visit } = sealed()
    const { cookie } = await visit({}, (session) => session.set('a', 1))

    expect(await data(`sessionid=x; sessionid=y; ${cookie}`)).toEqual({ a: 1 })
  })

  it.each([
    { saveEveryRequest: false, status: 200 },
    { saveEveryRequest: true, status: 500 },
  ])(
    'is not unsealed by a request that does not touch it: %o',
    async ({ saveEveryRequest, status }) => {
      const calls: string[] = []
      const engine = cookieEngine({ before: (call) => void calls.push(call) })
      const { raw, visit } = site({ engine, saveEveryRequest })
      const { cookie } = await visit({}, (session) => session.set('a', 1))

      await raw({ cookie, status })

      expect(calls).toEqual(['seal'])
    },
  )

  it('is unsealed once, however often it is loaded, by an engine without chunks', async () => {
    const calls: string[] = []
    const { chunks: _, ...engine } = cookieEngine({ before: (call) => void calls.push(call) })
    const { manager, visit } = site({ engine })
    const { cookie } = await visit({}, (session) => session.set('a', 1))

    const session = await manager.openFromCookies(cookie).load()
    session.set('a', 2)

    expect((await session.load()).get('a')).toBe(2)
    expect(calls).toEqual(['seal', 'unseal'])
  })

  it.each([
    [true, '{"a":1}'],
    [false, 'coded {"a":1}'],
    [undefined, 'coded {"a":1}'],
  ])(
    'goes through the codec unless the engine encodes it itself: %s',
    async (encodes, sealedData) => {
      const codec = {
        encode: (text: string) => `coded ${text}`,
        decode: (text: string) => text.slice(6),
      }
      const given: string[] = []
      const engine = cookieEngine()
      const spy = {
        ...engine,
        encodes,
        seal: (...[record, context]: Parameters<typeof engine.seal>) => {
          given.push(record.data)
          return engine.seal(record, context)
        },
      }
      const { data, visit } = site({ engine: spy, codec })

      const { cookie } = await visit({}, (session) => session.set('a', 1))

      expect(given).toEqual([sealedData])
      expect(await data(cookie)).toEqual({ a: 1 })
    },
  )

  it('can be opened by its value, without a request', async () => {
    const { manager, visit } = sealed()
    const { cookie } = await visit({}, (session) => session.set('a', 1))

    const session = await manager.open(valueIn(cookie)).load()

    expect(session.get('a')).toBe(1)
    expect(session.sessionKey).toBe(valueIn(cookie))
    expect(await manager.open('nonsense').load()).toMatchObject({ isEmpty: true })
  })

  it('never exists() in a store', async () => {
    const { manager } = sealed()
    const session = manager.open()
    session.set('a', 1)
    await session.save()

    expect(await session.exists()).toBe(false)
  })
})

/** An engine that stores the payload without a deadline, as in Django's format: only the payload knows the expiry. */
function forgetful(): CookieEngine {
  const engine = cookieEngine()
  return {
    ...engine,
    seal: (record, context) => engine.seal({ ...record, expiresAt: 1e15 }, context),
  }
}
