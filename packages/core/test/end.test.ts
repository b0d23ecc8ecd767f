import { describe, expect, it } from 'vitest'
import type { Session } from '../src/session/session.ts'
import { createSessions } from '../src/manager/sessions.ts'
import { once } from './support/hooks.ts'
import { keyIn } from './support/site.ts'
import { attributes, withUsers } from './support/with-users.ts'

async function* findGone(): AsyncGenerator<{ id: string; expiresAt: number }> {
  yield { id: 'gone', expiresAt: Number.POSITIVE_INFINITY }
}

describe('end', () => {
  it('ends every session with that value, and resolves to how many', async () => {
    const { cookies, data, engine, events, manager } = await withUsers()

    expect(await manager.end({ userId: 'ada' })).toBe(2)

    expect(engine.records.size).toBe(1)
    expect(await data(cookies[2])).toEqual({ userId: 'bob' })
    expect(events.filter(({ type }) => type === 'ended')).toHaveLength(2)
    expect(await manager.end({ userId: 'ada' })).toBe(0)
  })

  it('spares the `except` session: loaded, not loaded, or given by its key', async () => {
    for (const how of ['loaded', 'unloaded', 'key'] as const) {
      const { cookies, data, manager } = await withUsers()
      const unloaded = manager.openFromCookies(cookies[0])
      const except = { loaded: await manager.openFromCookies(cookies[0]).load(), unloaded }

      const ended = await manager.end(
        { userId: 'ada' },
        { except: how === 'key' ? keyIn(cookies[0]) : except[how] },
      )

      expect(ended).toBe(1)
      expect(await data(cookies[0])).toEqual({ userId: 'ada' })
      expect(await data(cookies[1])).toEqual({})
    }
  })

  it('spares the `except` session if another request has rotated its key: loaded, not loaded, or given by its key', async () => {
    for (const how of ['loaded', 'unloaded', 'key'] as const) {
      const { cookies, data, manager } = await withUsers()
      const loaded = await manager.openFromCookies(cookies[0]).load()
      const unloaded = manager.openFromCookies(cookies[0])
      const rotating = await manager.openFromCookies(cookies[0]).load()
      rotating.cycleKey()
      await rotating.save()

      const except = how === 'key' ? keyIn(cookies[0]) : { loaded, unloaded }[how]
      const ended = await manager.end({ userId: 'ada' }, { except })

      expect(ended).toBe(1)
      expect(await data(`sessionid=${rotating.sessionKey}`)).toEqual({ userId: 'ada' })
    }
  })

  it.each([
    ['after the search has found it', 0],
    ['after the search has found it under both keys', 100],
  ])('spares the `except` session if its key is exchanged %s', async (_when, turns) => {
    const { cookies, data, manager, on } = await withUsers()
    const session = await manager.openFromCookies(cookies[0]).load()
    session.cycleKey()
    let ending: Promise<number> | undefined
    const rotation = once('save', async () => {
      ending = manager.end({ userId: 'ada' }, { except: session })
      for (let turn = 0; turn < turns; turn++) await Promise.resolve()
    })
    on(rotation)

    await session.save()
    await ending

    expect(await data(`sessionid=${session.sessionKey}`)).toEqual({ userId: 'ada' })
    expect(await data(cookies[1])).toEqual({})
  })

  it('spares the `except` session if its key is exchanged once before and once while it is looked up', async () => {
    const { cookies, data, manager, on } = await withUsers()
    const session = await manager.openFromCookies(cookies[0]).load()
    const rotate = (): Promise<void> => {
      session.cycleKey()
      return session.save()
    }
    let ending: Promise<number> | undefined
    let loads = 0
    on(async (operation) => {
      // The marker of the first exchange is not written yet: the search finds the session under its first id.
      if (operation === 'save') ending ??= manager.end({ userId: 'ada' }, { except: session })
      // The first load confirms the second id. The second one follows the first id.
      if (operation === 'load' && ++loads === 2) await rotate()
    })

    await rotate()
    await ending

    expect(await data(`sessionid=${session.sessionKey}`)).toEqual({ userId: 'ada' })
    expect(await data(cookies[1])).toEqual({})
  })

  it.each([
    ['a handle', ({ handle }: Session) => ({ except: handle }), 'end.except'],
    ['a misspelled option', (session: Session) => ({ exept: session }), 'exept'],
    ['the session itself', (session: Session) => session, 'end.except'],
    ['null', () => ({ except: null }), 'end.except'],
  ])('rejects %s as `except`, and ends no session', async (_what, given, setting) => {
    const { cookies, engine, manager } = await withUsers()
    const session = await manager.openFromCookies(cookies[0]).load()

    await expect(manager.end({ userId: 'ada' }, given(session) as never)).rejects.toMatchObject({
      code: 'INVALID_SETTING',
      setting,
    })
    expect(engine.records.size).toBe(3)
  })

  it('does not count a session that was already deleted', async () => {
    const { engine } = await withUsers()
    const manager = createSessions({ attributes, engine: { ...engine, find: findGone } })

    expect(await manager.end({ userId: 'x' })).toBe(0)
  })

  it('ends a session that is rotated during the search to an id which the search has already passed', async () => {
    const { clock, cookies, data, engine, manager } = await withUsers()
    let rotated: string | undefined
    // A paginated search: the session moves, under its new id, to a page that was already read.
    const find: typeof engine.find = async function* findByPages(name, value) {
      const found: { readonly id: string; readonly expiresAt: number }[] = []
      for await (const one of engine.find?.(name, value) ?? []) found.push(one)
      if (rotated === undefined) {
        const session = await manager.openFromCookies(cookies[0]).load()
        session.cycleKey()
        await session.save()
        rotated = session.sessionKey
      }
      yield* found.filter(({ id }) => engine.records.get(id)?.attributes !== undefined)
    }
    const searching = createSessions({ attributes, clock, engine: { ...engine, find } })

    expect(await searching.end({ userId: 'ada' })).toBe(2)

    expect(await data(`sessionid=${rotated}`)).toEqual({})
    expect(await data(cookies[2])).toEqual({ userId: 'bob' })
  })

  it('ends a session that is rotated after it was looked up, just before it is deleted', async () => {
    const { clock, cookies, data, engine, manager } = await withUsers()
    let rotated: string | undefined
    const deleting: typeof engine.delete = async (id, version) => {
      if (rotated === undefined) {
        const session = await manager.openFromCookies(cookies[0]).load()
        session.cycleKey()
        await session.save()
        rotated = session.sessionKey
      }
      return engine.delete(id, version)
    }
    const ending = createSessions({ attributes, clock, engine: { ...engine, delete: deleting } })

    expect(await ending.end({ userId: 'ada' })).toBe(2)

    expect(await data(`sessionid=${rotated}`)).toEqual({})
  })

  it('yields to other requests if the engine is synchronous', async () => {
    const { engine } = await withUsers()
    let pauses = 0
    const sleep = async (): Promise<void> => void pauses++
    const manager = createSessions({ attributes, engine, sleep })
    for (let count = 0; count < 250; count++) {
      await manager.open().set('userId', 'eve').save()
    }

    expect(await manager.end({ userId: 'eve' })).toBe(250)

    expect(pauses).toBe(2)
  })

  it('ends every session if the `except` session was never stored', async () => {
    const { manager } = await withUsers()

    expect(await manager.end({ userId: 'ada' }, { except: manager.open() })).toBe(2)
  })
})
