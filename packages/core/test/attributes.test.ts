import { describe, expect, it } from 'vitest'
import { InvalidSettingError, SessionEngineError } from '../src/errors.ts'
import type { FoundSession } from '../src/manager/session-search.ts'
import { createSessions, type Sessions } from '../src/manager/sessions.ts'
import { cookieEngine } from './support/cookie-engine.ts'
import { caught, keyIn, site } from './support/site.ts'
import { attributes, withUsers } from './support/with-users.ts'

async function listed(
  manager: Sessions,
  attribute: Parameters<Sessions['find']>[0],
): Promise<FoundSession[]> {
  const found: FoundSession[] = []
  for await (const one of manager.find(attribute)) found.push(one)
  return found
}

describe('attributes', () => {
  it('are computed at each create, save and touch, and stored beside the payload', async () => {
    const { clock, engine, visit } = site({ attributes, renewAfter: 0 })
    const filed = () => [...engine.records.values()].map((record) => record.attributes)

    const { cookie } = await visit({}, (session) => session.set('a', 1))
    expect(filed()).toEqual([{ userId: null, admin: false }])
    await visit({ cookie }, (session) => session.update({ userId: 'ada', role: 'admin' }))
    expect(filed()).toEqual([{ userId: 'ada', admin: true }])
    clock.pass(1)
    await visit({ cookie }, (session) => session.get('userId'))
    expect(engine.calls.at(-1)).toBe('touch')
    expect(filed()).toEqual([{ userId: 'ada', admin: true }])
    await visit({ cookie }, (session) => session.pop('userId'))
    expect(filed()).toEqual([{ userId: null, admin: true }])
  })

  it('are absent from records without the setting', async () => {
    const { engine, visit } = site()

    await visit({}, (session) => session.set('a', 1))

    expect([...engine.records.values()][0]).not.toHaveProperty('attributes')
  })

  it('do not find the marker of a rotated key', async () => {
    const { cookies, manager, visit } = await withUsers()

    const { cookie } = await visit({ cookie: cookies[2] }, (session) => session.cycleKey())

    const session = await manager.openFromCookies(cookie).load()
    const found = await listed(manager, { userId: 'bob' })
    expect(found.map(({ handle }) => handle)).toEqual([session.handle])
  })

  it.each([
    [undefined, 'undefined'],
    [Number.NaN, 'NaN'],
    [{}, 'object'],
    [[1], 'object'],
    [1n, 'bigint'],
  ])('find and end reject %o, instead of silently finding nothing', async (value, named) => {
    const { manager } = await withUsers()
    const userId = value as never

    for (const ask of [() => listed(manager, { userId }), () => manager.end({ userId })]) {
      const error = await caught(ask)
      expect(error).toBeInstanceOf(InvalidSettingError)
      expect(error).toMatchObject({ setting: 'find.userId' })
      expect(String(error)).toContain(named)
    }
  })

  it.each([
    [{}, 'object'],
    [[1], 'object'],
    [1n, 'bigint'],
    [() => 1, 'function'],
    [Symbol('s'), 'symbol'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
  ])('that return %o fail the commit', async (value, named) => {
    const { engine, visit } = site({ attributes: { userId: () => value as string } })

    const error = await caught(() => visit({}, (session) => session.set('a', 1)))

    expect(error).toBeInstanceOf(InvalidSettingError)
    expect(error).toMatchObject({ setting: 'attributes.userId' })
    expect(String(error)).toMatch(new RegExp(`and returned .*${named}`))
    expect(engine.records.size).toBe(0)
  })

  it('that throw fail the commit, with the cause', async () => {
    const cause = new TypeError('no profile')
    const userId = () => {
      throw cause
    }
    const { visit } = site({ attributes: { userId } })

    const error = await caught(() => visit({}, (session) => session.set('a', 1)))

    expect(error).toMatchObject({ setting: 'attributes.userId', cause })
    expect(String(error)).toMatch(/must return undefined if/)
  })
})

describe('find', () => {
  it('finds each live session with that value, by handle and deadline', async () => {
    const { clock, cookies, manager } = await withUsers()
    const [first, second] = cookies.map((cookie) => manager.openFromCookies(cookie))

    const found = await listed(manager, { userId: 'ada' })

    const handles = [(await first?.load())?.handle, (await second?.load())?.handle]
    expect(found.map(({ handle }) => handle).toSorted()).toEqual(handles.toSorted())
    expect(found[0]?.expiresAt).toEqual(new Date(clock.now() + 1_209_600_000))
    expect(await listed(manager, { userId: 'eve' })).toEqual([])
    expect(await listed(manager, { admin: false })).toHaveLength(3)
  })

  it('leaves out expired sessions, and found ones can be ended', async () => {
    const { clock, data, cookies, manager, visit } = await withUsers()
    await visit({ cookie: cookies[0] }, (session) => session.setExpiry(10))
    clock.pass(10)

    const [only, ...more] = await listed(manager, { userId: 'ada' })

    expect(more).toEqual([])
    expect(await only?.end()).toBe(true)
    expect(await only?.end()).toBe(false)
    expect(await data(cookies[1])).toEqual({})
  })

  it('leaves out expired records that the engine yields', async () => {
    const { engine, manager } = await withUsers()
    const stale = createSessions({
      attributes,
      engine: {
        ...engine,
        async *find() {
          yield { id: 'x', expiresAt: 0 }
        },
      },
    })

    expect(await listed(stale, { userId: 'ada' })).toEqual([])
    expect(await listed(manager, { userId: 'ada' })).toHaveLength(2)
  })

  it('ends a session whose key was rotated since it was found', async () => {
    const { cookies, data, manager, visit } = await withUsers()
    const [found] = await listed(manager, { userId: 'bob' })

    const { cookie } = await visit({ cookie: cookies[2] }, (session) => session.cycleKey())

    expect(await found?.end()).toBe(true)
    expect(await data(cookie)).toEqual({})
  })

  it('shows no raw keys, even with hashKeys: false', async () => {
    const { manager, visit } = site({ attributes, hashKeys: false })
    const { cookie } = await visit({}, (session) => session.set('userId', 'ada'))

    const [found] = await listed(manager, { userId: 'ada' })

    const session = await manager.openFromCookies(cookie).load()
    expect(found?.handle).toBe(session.handle)
    expect(JSON.stringify(found)).not.toContain(keyIn(cookie))
  })

  it.each([
    [{}, /one attribute with its value/],
    [{ userId: 'ada', admin: true }, /one attribute with its value/],
    [{ email: 'ada@example.com' }, /^attributes\.email is not set: define it in the settings/],
    [{ toString: 'x' }, /^attributes\.toString is not set/],
  ])('rejects %o', async (attribute, message) => {
    const { manager } = await withUsers()

    const error = await caught(() => listed(manager, attribute))

    expect(error).toBeInstanceOf(InvalidSettingError)
    expect((error as Error).message).toMatch(message)
  })

  it('needs the attributes setting', async () => {
    const error = await caught(() => listed(site().manager, { userId: 'ada' }))

    expect(error).toMatchObject({ setting: 'attributes.userId' })
  })

  it('needs an engine with find()', async () => {
    const { engine } = site()
    const engines = [{ ...engine, find: undefined as never }, cookieEngine()]

    for (const unable of engines) {
      const manager = createSessions({ engine: unable, attributes })
      const error = await caught(() => listed(manager, { userId: 'ada' }))
      expect(error).toMatchObject({ code: 'INVALID_SETTING', setting: 'engine' })
    }
  })

  it('rejects with an engine error if the engine fails', async () => {
    const cause = new Error('down')
    const { engine } = site()
    const failing = {
      ...engine,
      // oxlint-disable-next-line require-yield
      async *find() {
        throw cause
      },
    }

    const error = await caught(() =>
      listed(createSessions({ engine: failing, attributes }), { userId: 'ada' }),
    )

    expect(error).toBeInstanceOf(SessionEngineError)
    expect(error).toMatchObject({ engine: 'map', operation: 'find', cause })
  })
})
