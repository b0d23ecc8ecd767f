import { describe, expect, it } from 'vitest'
import { SessionNotLoadedError } from '../src/errors.ts'
import { caught, cookieOf, keyIn, OK, site } from './support/site.ts'
import { withSession } from './support/with-session.ts'

describe('exists', () => {
  it('asks the store, not the session', async () => {
    const { cookie, open, raw } = await withSession()
    const session = await open()
    await raw({ cookie }, (other) => other.flush())

    expect(await session.exists()).toBe(false)
  })

  it('is true for a session whose key another request has rotated, until that session is ended', async () => {
    const { open, raw } = await withSession()
    const session = await open()
    const rotating = await open()
    rotating.cycleKey()
    await rotating.save()
    expect(await session.exists()).toBe(true)

    await raw({ cookie: cookieOf(rotating) }, (other) => other.flush())

    expect(await session.exists()).toBe(false)
  })

  it('throws before load', async () => {
    const { unloaded } = await withSession()

    expect(await caught(() => unloaded().exists())).toBeInstanceOf(SessionNotLoadedError)
  })
})

describe('load', () => {
  it('reads once, however often it is called', async () => {
    const { engine, unloaded } = await withSession()
    const session = unloaded()

    const loaded = await Promise.all([session.load(), session.load()])
    await session.load()

    expect(engine.calls).toEqual(['load'])
    expect(loaded).toEqual([session, session])
  })

  it('does not overwrite changes when called again', async () => {
    const { open } = await withSession()
    const session = await open()
    session.set('a', 2)

    await session.load()

    expect(session.get('a')).toBe(2)
  })

  it('with an unknown key creates no record, and discards the key', async () => {
    const { engine, manager } = site()

    const session = await manager.open('a'.repeat(32)).load()

    expect(session.sessionKey).toBeUndefined()
    expect(session.isEmpty).toBe(true)
    expect(engine.records.size).toBe(0)
    expect(await session.exists()).toBe(false)
  })

  it('finds nothing for an expired session', async () => {
    const { clock, data, visit } = site()
    const { cookie } = await visit({}, (session) => session.set('a', 1).setExpiry(10))

    clock.pass(10)

    expect(await data(cookie)).toEqual({})
  })

  it('can be tried again after the store failed', async () => {
    const { fail, unloaded } = await withSession()
    const session = unloaded()

    fail('load')
    expect(await caught(() => session.load())).toMatchObject({ code: 'SESSION_ENGINE' })
    expect(session.loaded).toBe(false)
    fail()

    expect((await session.load()).get('a')).toBe(1)
  })

  it('is not needed for a new session', async () => {
    const { engine, manager } = site()

    const session = await manager.open().load()

    expect(session.set('a', 1).get('a')).toBe(1)
    expect(engine.calls).toEqual([])
  })
})

describe('flush', () => {
  it('ends the session, and its key is undefined', async () => {
    const { engine, open } = await withSession()
    const session = await open()

    session.flush()

    expect(session.sessionKey).toBeUndefined()
    expect(session.isEmpty).toBe(true)
    expect(session.toObject()).toEqual({})
    expect(engine.records.size).toBe(1)
    await session.save()
    expect(engine.records.size).toBe(0)
  })

  it('works without load', async () => {
    const { cookie, engine, raw } = await withSession()

    const { calls } = await raw({ cookie }, (session) => session.flush())

    expect(calls).toEqual(['load', 'delete'])
    expect(engine.records.size).toBe(0)
  })

  it('during a load discards the loaded data', async () => {
    const { engine, manager, unloaded } = await withSession({ user: 'ada' })
    const session = unloaded()

    const loading = session.load()
    session.flush()
    const loaded = await loading
    await manager.commit(session, OK)

    expect(loaded.toObject()).toEqual({})
    expect(engine.records.size).toBe(0)
  })

  it('begins a new session if data is written afterwards', async () => {
    const { cookie, data, engine, visit } = await withSession()

    const answer = await visit({ cookie }, (session) => {
      session.flush()
      session.set('b', 2)
    })

    expect(keyIn(answer.cookie)).not.toBe(keyIn(cookie))
    expect(await data(answer.cookie)).toEqual({ b: 2 })
    expect(engine.records.size).toBe(1)
  })

  it('also ends a session that the same request has created', async () => {
    const { engine, visit } = site()

    const { setCookie } = await visit({}, async (session) => {
      session.set('a', 1)
      await session.save()
      session.flush()
    })

    expect(setCookie).toEqual([])
    expect(engine.records.size).toBe(0)
  })
})

describe('cycleKey', () => {
  it('moves the data to a new key', async () => {
    const { cookie, data, visit } = await withSession()

    const answer = await visit({ cookie }, (session) => session.cycleKey())

    expect(keyIn(answer.cookie)).not.toBe(keyIn(cookie))
    expect(await data(answer.cookie)).toEqual({ a: 1 })
    expect(await data(cookie)).toEqual({})
  })

  it('stores changes of the same request too', async () => {
    const { cookie, data, visit } = await withSession()

    const answer = await visit({ cookie }, (session) => {
      session.cycleKey()
      session.set('b', 2)
      session.delete('a')
    })

    expect(await data(answer.cookie)).toEqual({ b: 2 })
  })
})
