import { describe, expect, it } from 'vitest'
import {
  InvalidSettingError,
  SessionInterruptedError,
  SessionNotLoadedError,
} from '../src/errors.ts'
import { cookieEngine } from './support/cookie-engine.ts'
import { caught, keyIn, site } from './support/site.ts'
import { withSession } from './support/with-session.ts'

describe('save', () => {
  it('stores the session, which then exists', async () => {
    const { manager } = site()
    const session = manager.open()
    expect(await session.exists()).toBe(false)

    session.set('cat', 'dog')
    await session.save()

    expect(await session.exists()).toBe(true)
    const again = await manager.open(session.sessionKey ?? '').load()
    expect(again.toObject()).toEqual({ cat: 'dog' })
  })

  it('leaves the data readable', async () => {
    const { open } = await withSession({ a: 1, nested: { b: 2 } })
    const session = await open()

    await session.save()

    expect(session.toObject()).toEqual({ a: 1, nested: { b: 2 } })
  })

  it('resets `modified`, unlike in Django', async () => {
    const { manager } = site()
    const session = manager.open()
    session.set('a', 1)

    await session.save()

    expect(session.modified).toBe(false)
  })

  it('stores a session without data as well', async () => {
    const { engine, manager } = site()

    await manager.open().save()

    expect([...engine.records.values()].map(({ data }) => data)).toEqual(['{}'])
  })

  it('stores once: a commit after it only sends the cookie', async () => {
    const { visit } = site()

    const { calls, setCookie } = await visit({ status: 500 }, async (session) => {
      session.set('a', 1)
      await session.save()
    })

    expect(calls).toEqual(['create'])
    expect(setCookie).toHaveLength(1)
  })

  it('carries out a rotation at once, and the cookie is sent whatever the status', async () => {
    const { cookie, data, visit } = await withSession()

    const answer = await visit({ cookie, status: 503 }, async (session) => {
      session.cycleKey()
      await session.save()
    })

    expect(answer.setCookie).toHaveLength(1)
    expect(keyIn(answer.cookie)).not.toBe(keyIn(cookie))
    expect(await data(answer.cookie)).toEqual({ a: 1 })
    expect(await data(cookie)).toEqual({})
  })

  it('carries out a flush at once', async () => {
    const { cookie, engine, visit } = await withSession()

    const answer = await visit({ cookie }, async (session) => {
      session.flush()
      await session.save()
      expect(engine.records.size).toBe(0)
    })

    expect(answer.cookie).toBeUndefined()
    expect(answer.calls).toEqual(['load', 'delete'])
  })

  it('creates nothing after a flush, however often it is called', async () => {
    const { cookie, engine, visit } = await withSession()

    await visit({ cookie }, async (session) => {
      session.flush()
      await session.save()
      await session.save()
    })

    expect(engine.records.size).toBe(0)
  })

  it('does not revive a session that another request deleted', async () => {
    const { cookie, data, engine, open, raw } = await withSession()
    const session = await open()
    await raw({ cookie }, (other) => other.flush())

    session.set('b', 2)

    expect(await caught(() => session.save())).toBeInstanceOf(SessionInterruptedError)
    expect(engine.records.size).toBe(0)
    expect(await data(cookie)).toEqual({})
  })

  it('called several times at once, writes one after the other without conflicts', async () => {
    const { engine, events, open } = await withSession()
    const session = await open()
    engine.calls.length = 0

    session.set('b', 2)
    await Promise.all([session.save(), session.save(), session.save(), session.save()])

    expect(engine.calls).toEqual(['save', 'save', 'save', 'save'])
    expect(events.filter(({ type }) => type === 'conflict')).toEqual([])
  })

  it('called several times at once, creates one session even if the first call fails', async () => {
    const { engine, fail, manager } = site()
    const session = manager.open()
    fail('create')

    const saves = [session.save(), session.save(), session.save()]
    const first = await caught(() => saves[0])
    fail()
    await Promise.allSettled(saves)

    expect(first).toMatchObject({ code: 'SESSION_ENGINE' })
    expect(engine.records.size).toBe(1)
  })

  it('rejects a callback, which would never be called', async () => {
    const session = site().manager.open()

    // @ts-expect-error: it takes none
    expect(() => session.save(() => {})).toThrow(InvalidSettingError)
  })

  it('throws before load', async () => {
    const { unloaded } = await withSession()

    expect(await caught(() => unloaded().save())).toBeInstanceOf(SessionNotLoadedError)
  })

  it.each([{}, { engine: cookieEngine() }])(
    'followed by an expiry in the past sends no cookie with an empty value: %o',
    async (settings) => {
      const { engine, visit } = site(settings)

      const { setCookie } = await visit({}, async (session) => {
        session.set('a', 1)
        await session.save()
        session.setExpiry(-1)
      })

      expect(setCookie).toEqual([])
      expect(engine.records.size).toBe(0)
    },
  )
})
