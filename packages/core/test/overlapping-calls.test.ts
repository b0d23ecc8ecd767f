import { describe, expect, it } from 'vitest'
import { SessionEngineError } from '../src/errors.ts'
import type { Session } from '../src/session/session.ts'
import { down, once } from './support/hooks.ts'
import type { MapEngine } from './support/map-engine.ts'
import { cookieOf, keyIn, OK, type Site } from './support/site.ts'
import { withSession } from './support/with-session.ts'

/** What is stored, except rotation markers. */
function stored({ records }: MapEngine): unknown[] {
  const all = [...records.values()].map(({ data }): Record<string, unknown> => JSON.parse(data))
  return all.filter((data) => !('_session_successor' in data))
}

const login = (session: Session): unknown => session.set('_auth_user_id', '1').cycleKey()

describe('a change during a logout', () => {
  it.each<[string, (session: Session) => void]>([
    ['set()', (session) => session.set('late', 1)],
    ['another flush() and set()', (session) => (session.flush(), session.set('late', 1))],
  ])('by %s is stored by the commit, in a new session', async (_, change) => {
    for (const early of [{}, { early: 1 }]) {
      const { data, engine, manager, on, open } = await withSession()
      const session = await open()
      session.flush()
      for (const key in early) session.set(key, 1)
      on(once('delete', () => change(session)))

      await session.save()
      const { setCookie } = await manager.commit(session, OK)

      const kept = await data(setCookie[0])
      expect(kept).toMatchObject({ late: 1 })
      expect(stored(engine)).toEqual([kept])
    }
  })

  it('is stored by the next save if the logout fails at first', async () => {
    const { engine, on, open } = await withSession()
    const session = await open()
    session.flush()
    on(once('delete', () => (session.set('late', 1), down())))

    await expect(session.save()).rejects.toThrow(SessionEngineError)
    await session.save()

    expect(stored(engine)).toEqual([{ late: 1 }])
  })
})

describe('flush() during a rotation', () => {
  it.each([
    ['that the store fails', 'save', down],
    ['that meets a conflict', 'load', () => {}],
  ])('%s ends the session, and stores none in its place', async (_, operation, then) => {
    const { cookie, engine, manager, on, open, visit } = await withSession()
    const session = await open()
    if (operation === 'load') await visit({ cookie }, (other) => other.set('b', 1))
    session.cycleKey()
    on(once(operation, () => (session.flush(), then())))

    await session.save().catch(() => {})
    expect(session.sessionKey).toBeUndefined()
    const { setCookie } = await manager.commit(session, OK)

    expect(setCookie).toEqual([expect.stringContaining('Max-Age=0')])
    expect(engine.records.size).toBe(0)
  })
})

describe('a login during a save that meets a conflict', () => {
  it('gets a new key, and nothing of it is stored under the old one', async () => {
    const { cookie, data, engine, manager, on, open, visit } = await withSession()
    const session = await open()
    const [old = ''] = engine.records.keys()
    await visit({ cookie }, (other) => other.set('theirs', 1))
    session.set('mine', 1)
    const underOldKey: unknown[] = []
    on((operation) => {
      if (operation === 'load' && !session.has('_auth_user_id')) login(session)
      underOldKey.push(engine.records.get(old)?.data)
    })

    await session.save()
    on()
    const { setCookie } = await manager.commit(session, OK)

    expect(keyIn(setCookie[0] ?? '')).not.toBe(keyIn(cookie))
    expect(await data(setCookie[0])).toEqual({ a: 1, theirs: 1, mine: 1, _auth_user_id: '1' })
    expect(await data(cookie)).toEqual({})
    expect(underOldKey.join()).not.toContain('_auth_user_id')
  })

  it('is not merged into the session of a stranger who has rotated the old key', async () => {
    const { data, manager, on, open } = await withSession()
    const [session, stranger] = [await open(), await open()]
    stranger.cycleKey()
    await stranger.save()
    session.set('mine', 1)
    on(once('load', () => void login(session)))

    await session.save()
    const { setCookie } = await manager.commit(session, OK)

    expect(await data(setCookie[0])).toEqual({ a: 1, mine: 1, _auth_user_id: '1' })
    expect(await data(cookieOf(stranger))).toEqual({ a: 1 })
  })
})

describe('a rotation that is tried again although the first attempt took effect, unanswered', () => {
  it.each([{ _auth_user_id: '1' }, {}])(
    'gives the client the key to everything (%o)',
    async (user) => {
      for (const theirs of [{}, { theirs: 1 }]) {
        const site = await withSession(user)
        const { data, engine, manager, open } = site
        const [session, inFlight] = [await open(), await open()]
        session.set('a', 1).cycleKey()
        await failUnanswered(session, site)
        inFlight.update(theirs)
        await inFlight.save()

        const { setCookie } = await manager.commit(session, OK)

        expect(await data(setCookie[0])).toMatchObject({ ...user, ...theirs, a: 1 })
        expect(stored(engine)).toHaveLength(1)
      }
    },
  )

  it('counts each modify once', async () => {
    const site = await withSession({ n: 0 })
    const { data, manager, open } = site
    const session = await open()
    session.modify('n', (n) => n + 1)
    session.cycleKey()
    await failUnanswered(session, site)

    const { setCookie } = await manager.commit(session, OK)

    expect(await data(setCookie[0])).toEqual({ n: 1 })
  })
})

it('a save() that is not awaited sends its cookie with the commit, even if nothing else was done', async () => {
  const { cookie, manager, open } = await withSession()
  const session = await open()

  const saving = session.save()
  const { setCookie } = await manager.commit(session, OK)
  await saving

  expect(keyIn(setCookie[0] ?? '')).toBe(keyIn(cookie))
})

/** Saves the session: the next save takes effect, but its answer is lost, and the store fails the load that follows. */
async function failUnanswered(session: Session, { engine, on }: Site): Promise<void> {
  const { save } = engine
  engine.save = async (...args) => {
    await save(...args)
    throw new Error('the answer was lost')
  }
  on(once('load', down))
  await expect(session.save()).rejects.toThrow(SessionEngineError)
  engine.save = save
}
