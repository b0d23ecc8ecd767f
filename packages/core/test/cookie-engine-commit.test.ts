import { describe, expect, it } from 'vitest'
import { SessionCommittedError, SessionEngineError, SessionNotLoadedError } from '../src/errors.ts'
import type { Session } from '../src/session/session.ts'
import { cookieEngine } from './support/cookie-engine.ts'
import { caught, site } from './support/site.ts'

const sealed = (settings = {}) => site({ engine: cookieEngine(), ...settings })

describe('with a cookie engine', () => {
  it('cycleKey seals the session again and keeps the data', async () => {
    const { clock, data, events, visit } = sealed()
    const { cookie } = await visit({}, (session) => session.set('a', 1))
    clock.pass(1)

    const answer = await visit({ cookie }, (session) => session.cycleKey())

    expect(answer.setCookie).toHaveLength(1)
    expect(answer.cookie).not.toBe(cookie)
    expect(await data(answer.cookie)).toEqual({ a: 1 })
    expect(events.map(({ type }) => type)).toEqual(['created', 'rotated'])
  })

  it.each([200, 500])('flush expires the cookie, with the status %i', async (status) => {
    const { raw, visit } = sealed()
    const { cookie } = await visit({}, (session) => session.set('a', 1))

    const answer = await raw({ cookie, status }, (session) => session.flush())

    expect(answer.setCookie).toEqual([expect.stringContaining('sessionid=; Path=/; Max-Age=0;')])
    expect(answer.cookie).toBeUndefined()
  })

  it('flush is carried out only once', async () => {
    const { manager, visit } = sealed()
    const { cookie } = await visit({}, (session) => session.set('a', 1))
    const session = await manager.openFromCookies(cookie).load()
    session.flush()

    await manager.commit(session, { status: 200 })

    expect(session.modified).toBe(false)
    expect(manager.commit(session, { status: 200 })).toMatchObject({ setCookie: [] })
  })

  it.each([{ saveEveryRequest: true }, { renewAfter: 0 }])(
    'a renewal stores no changes that `modified = false` has dropped (%o)',
    async (settings) => {
      const { clock, data, visit } = sealed(settings)
      const { cookie } = await visit({}, (session) => session.set('a', 1))
      clock.pass(1)

      const renewed = await visit({ cookie }, (session) => {
        session.set('a', 2).modified = false
      })

      expect(renewed.cookie).not.toBe(cookie)
      expect(await data(renewed.cookie)).toEqual({ a: 1 })
    },
  )

  it('flush without a cookie sends none, and data written afterwards begins a new session', async () => {
    const { data, raw, visit } = sealed()
    const { cookie } = await visit({}, (session) => session.set('a', 1))

    const without = await raw({}, (session) => session.flush())
    const again = await visit({ cookie }, (session) => {
      session.flush()
      session.set('b', 2)
    })

    expect(without).toMatchObject({ setCookie: [], vary: 'Cookie' })
    expect(await data(again.cookie)).toEqual({ b: 2 })
  })

  it('an expiry in the past expires the cookie', async () => {
    const { visit } = sealed()
    const { cookie } = await visit({}, (session) => session.set('a', 1))

    const answer = await visit({ cookie }, (session) => session.setExpiry(-1))

    expect(answer.cookie).toBeUndefined()
  })

  it('save seals at once, and the cookie is sent whatever the status', async () => {
    const { data, visit } = sealed()

    const { cookie } = await visit({ status: 500 }, async (session) => {
      session.set('a', 1)
      await session.save()
      expect(session.modified).toBe(false)
      session.set('b', 2)
    })

    expect(await data(cookie)).toEqual({ a: 1 })
  })

  it('save and then flush send no cookie to a client without one', async () => {
    const { visit } = sealed()

    const { setCookie } = await visit({}, async (session) => {
      session.set('a', 1)
      await session.save()
      session.flush()
    })

    expect(setCookie).toEqual([])
  })

  it('save throws before load', async () => {
    const { manager } = sealed()
    const session = manager.openFromCookies('sessionid=x') as Session

    expect(await caught(() => session.save())).toBeInstanceOf(SessionNotLoadedError)
  })

  it('saveEveryRequest seals an existing session again, and creates none', async () => {
    const { clock, raw, visit } = sealed({ saveEveryRequest: true })
    const { cookie } = await visit({}, (session) => session.set('a', 1))
    clock.pass(1)

    const renewed = await raw({ cookie })
    expect(renewed).toMatchObject({ setCookie: [expect.any(String)], vary: 'Cookie' })
    expect(renewed.cookie).not.toBe(cookie)
    expect(await raw({ cookie, status: 500 })).toMatchObject({ setCookie: [], vary: undefined })
    expect(await raw({})).toMatchObject({ setCookie: [] })
    expect(await raw({ cookie: 'sessionid=unknown' })).toMatchObject({ setCookie: [] })
  })

  it('renewAfter seals the session again once that part of its lifetime has passed', async () => {
    const { clock, visit } = sealed({ renewAfter: 0.5, cookie: { age: 100 } })
    const { cookie } = await visit({}, (session) => session.set('a', 1))

    clock.pass(49)
    expect((await visit({ cookie }, (session) => session.get('a'))).setCookie).toEqual([])
    clock.pass(1)
    const { setCookie } = await visit({ cookie }, (session) => session.get('a'))

    expect(setCookie).toEqual([expect.stringContaining('Max-Age=100;')])
  })

  it('a value sealed with an earlier secret is sealed again once it is read', async () => {
    const old = site({ engine: cookieEngine({ secrets: ['old'] }) })
    const { cookie } = await old.visit({}, (session) => session.set('a', 1))
    const rotated = site({ engine: cookieEngine({ secrets: ['new', 'old'] }) })
    const fresh = site({ engine: cookieEngine({ secrets: ['new'] }) })

    expect((await rotated.visit({ cookie })).setCookie).toEqual([])
    const answer = await rotated.visit({ cookie }, (session) => session.get('a'))

    expect(answer.setCookie).toHaveLength(1)
    expect(await fresh.data(answer.cookie)).toEqual({ a: 1 })
    expect((await rotated.visit({ cookie: answer.cookie }, (s) => s.get('a'))).setCookie).toEqual(
      [],
    )
  })

  it.each(['seal', 'unseal'])(
    'a failing %s is an engine error that says why, with its cause',
    async (failing) => {
      const cause = new TypeError('no secret')
      const { visit } = sealed()
      const { cookie } = await visit({}, (session) => session.set('a', 1))
      const before = (operation: string) => {
        if (operation === failing) throw cause
      }
      const broken = site({ engine: cookieEngine({ before }) })

      const error = await caught(() => broken.visit({ cookie }, (session) => session.set('b', 2)))

      expect(error).toBeInstanceOf(SessionEngineError)
      expect(error).toMatchObject({ cause, engine: 'test-cookies', status: 503 })
      expect(String(error)).toContain(`failed in ${failing}(): no secret`)
      expect(broken.events).toMatchObject([{ type: 'error', error }])
    },
  )

  it('clearExpired resolves to 0', async () => {
    expect(await sealed().manager.clearExpired()).toBe(0)
  })
})

describe('after the headers were sent, with a cookie engine', () => {
  it.each<[string, (session: Session) => unknown]>([
    ['a change', (session) => session.set('b', 2)],
    ['a nested change', (session) => session.get('a').push(2)],
    ['a rotation', (session) => session.cycleKey()],
    ['a flush', (session) => session.flush()],
    ['save', (session) => session.save()],
  ])('%s throws, because no cookie can carry it', async (_, use) => {
    const { manager, visit } = sealed()
    const { cookie } = await visit({}, (session) => session.set('a', [1]))
    const session = await manager.openFromCookies(cookie).load()
    await manager.commit(session, { status: 200 })

    const error = await caught(async () => {
      await use(session)
      await manager.commit(session, { status: 200 })
    })

    expect(error).toBeInstanceOf(SessionCommittedError)
  })

  it('a second commit without changes does nothing', async () => {
    const { manager, visit } = sealed({ saveEveryRequest: true })
    const { cookie } = await visit({}, (session) => session.set('a', [1]))

    for (const sent of [cookie, 'sessionid=tampered', undefined]) {
      const session = await manager.openFromCookies(sent).load()
      session.get('a')
      void session.data
      await manager.commit(session, { status: 200 })
      expect(manager.commit(session, { status: 200 })).toMatchObject({ setCookie: [] })
    }
  })
})
