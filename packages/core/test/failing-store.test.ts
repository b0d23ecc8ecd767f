import { describe, expect, it, vi } from 'vitest'
import { SessionCommittedError, SessionEngineError } from '../src/errors.ts'
import { down, once } from './support/hooks.ts'
import type { MapEngine } from './support/map-engine.ts'
import { caught, cookieOf, keyIn, OK, site } from './support/site.ts'
import { withSession } from './support/with-session.ts'

describe('a failing store', () => {
  it('keeps the changes, so that a later save stores them', async () => {
    const { cookie, data, on, open } = await withSession({ n: 0 })
    const session = await open()
    session.modify('n', (n) => n + 1)
    on(down)

    await expect(session.save()).rejects.toThrow(SessionEngineError)
    expect(session.modified).toBe(true)

    on()
    await session.save()
    expect(await data(cookie)).toEqual({ n: 1 })
  })

  it('keeps a logout pending for the next commit', async () => {
    const { engine, manager, on, open } = await withSession({ a: 1 })
    const session = await open()
    session.flush()
    on(down)

    await expect(session.save()).rejects.toThrow(SessionEngineError)

    on()
    await manager.commit(session, OK)
    expect(engine.records.size).toBe(0)
  })

  it.each(['create', 'save'])(
    'leaves only the old key alive if the %s of a rotation fails once',
    async (failing) => {
      const { cookie, data, engine, manager, on, open } = await withSession({ a: 1 })
      const session = await open()
      session.cycleKey()
      on(once(failing, down))

      await expect(manager.commit(session, OK)).rejects.toThrow(SessionEngineError)

      expect(engine.records.size).toBe(1)
      expect(await data(cookie)).toEqual({ a: 1 })
      expect(session.sessionKey).toBe(keyIn(cookie))
    },
  )

  it('leaves the session unchanged if the marker of a rotation fails once, so that it can be rotated again', async () => {
    const { cookie, data, events, on, open } = await withSession({ a: 1 })
    const session = await open()
    session.cycleKey()
    on(once('save', down))
    await expect(session.save()).rejects.toThrow(SessionEngineError)

    await session.save()

    expect(session.sessionKey).not.toBe(keyIn(cookie))
    expect(await data(cookieOf(session))).toEqual({ a: 1 })
    expect(events.map(({ type }) => type)).not.toContain('conflict')
  })

  it.each([
    ['rejects', () => Promise.reject(new Error('down'))],
    ['throws', down],
  ])(
    'leaves the session unchanged if the create of a rotation %s once, so that it can be rotated again',
    async (_, failing) => {
      const { cookie, data, engine, open } = await withSession({ a: 1 })
      const session = await open()
      session.cycleKey()
      session.set('_auth_user_id', '42')
      vi.spyOn(engine, 'create').mockImplementationOnce(failing)
      await expect(session.save()).rejects.toThrow(SessionEngineError)

      await session.save()

      expect(session.sessionKey).not.toBe(keyIn(cookie))
      expect(await data(cookieOf(session))).toEqual({ a: 1, _auth_user_id: '42' })
      expect(await data(cookie)).toEqual({})
    },
  )

  describe('that writes the marker of a rotation late', () => {
    it('leaves the session unchanged, with its attributes', async () => {
      const { cookie, data, engine, manager, open } = await withSession(
        { user: 1 },
        { attributes: { user: ({ user }) => String(user) } },
      )
      const session = await open()
      session.set('user', 2)
      session.cycleKey()
      const delayed = delaySave(engine, () => {})

      await expect(manager.commit(session, OK)).rejects.toMatchObject({
        cause: { message: 'no answer in time' },
      })
      await delayed.late()

      expect(await data(cookie)).toEqual({ user: 1 })
      expect([...engine.records.values()]).toMatchObject([{ attributes: { user: '1' } }])
    })

    it('completes the rotation if the marker comes before the old record was made safe from it', async () => {
      const { cookie, data, manager, engine, open } = await withSession({ a: 1 })
      const session = await open()
      session.cycleKey()
      const delayed = delaySave(engine, () => delayed.late())

      const { setCookie } = await manager.commit(session, OK)

      expect(await data(setCookie[0])).toEqual({ a: 1 })
      expect(await data(cookie)).toEqual({})
    })

    it('leaves no new record behind if another request has changed the session meanwhile', async () => {
      const { cookie, data, manager, engine, open } = await withSession({ a: 1 })
      const [session, other] = [await open(), await open()]
      session.cycleKey()
      const delayed = delaySave(engine, () => other.set('b', 2).save())

      await expect(manager.commit(session, OK)).rejects.toThrow(SessionEngineError)
      await delayed.late()

      expect(await data(cookie)).toEqual({ a: 1, b: 2 })
      expect(engine.records.size).toBe(1)
    })

    it('keeps the new record for requests in flight, if the store has failed every other call too', async () => {
      const { cookie, data, engine, manager, open } = await withSession({ a: 1 })
      const inFlight = await open()
      inFlight.set('b', 2)
      const session = await open()
      session.cycleKey()
      const delayed = delaySave(engine, down)

      await expect(manager.commit(session, OK)).rejects.toThrow(SessionEngineError)
      expect(await data(cookie)).toEqual({ a: 1 })
      await delayed.late()
      await manager.commit(inFlight, OK)

      const kept = [...engine.records.values()].map(({ data }) => JSON.parse(data))
      expect(kept).toContainEqual({ a: 1, b: 2 })
    })
  })

  it('loses nothing if it has written the marker of a rotation, but the answer is lost', async () => {
    const { cookie, data, engine, manager, open } = await withSession({ a: 1 })
    const session = await open()
    session.cycleKey()
    const { save } = engine
    engine.save = async (...args) => {
      await save(...args)
      throw new Error('the answer was lost')
    }

    const { setCookie } = await manager.commit(session, OK)

    expect(setCookie).toEqual([expect.stringContaining(session.sessionKey ?? 'none')])
    expect(session.sessionKey).not.toBe(keyIn(cookie))
    expect(await data(cookieOf(session))).toEqual({ a: 1 })
    expect(await data(cookie)).toEqual({})
  })

  it('keeps the new record if it goes down after it has written the marker of a rotation', async () => {
    const { engine, manager, on, open } = await withSession({ a: 1 })
    const inFlight = await open()
    inFlight.set('b', 2)
    const session = await open()
    session.cycleKey()
    const { save } = engine
    engine.save = async (...args) => {
      await save(...args)
      on(down)
      throw new Error('the answer was lost')
    }

    await expect(manager.commit(session, OK)).rejects.toMatchObject({
      cause: { message: 'the answer was lost' },
    })

    on()
    engine.save = save
    await manager.commit(inFlight, OK)
    const kept = [...engine.records.values()].map(({ data }) => JSON.parse(data))
    expect(kept).toContainEqual({ a: 1, b: 2 })
  })

  it('fails a rotation with the first error, even if cleaning up fails as well', async () => {
    const { events, manager, on, open } = await withSession({ a: 1 })
    const session = await open()
    session.cycleKey()
    const errors = ['save', 'delete'].map((operation) => new Error(operation))
    on(async (operation) => {
      const error = errors.find(({ message }) => message === operation)
      if (error) throw error
    })

    await expect(manager.commit(session, OK)).rejects.toMatchObject({ cause: errors[0] })
    expect(events.filter(({ type }) => type === 'error')).toHaveLength(2)
  })

  it('fails the commit, after which no cookie can be sent', async () => {
    const { manager, on } = site()
    const session = await manager.openFromCookies('').load()
    session.set('a', 1)
    on(down)

    await expect(manager.commit(session, OK)).rejects.toThrow(SessionEngineError)
    expect(() => manager.commit(session, OK)).toThrow(SessionCommittedError)
  })

  it('fails the commit of an expiry in the past, and the next save ends the session', async () => {
    const { data, cookie, manager, on, open } = await withSession()
    const session = await open()
    session.setExpiry(-1)
    on(once('delete', down))

    const error = await caught(() => manager.commit(session, OK))

    expect(error).toMatchObject({ operation: 'delete' })
    expect(await data(cookie)).toEqual({ a: 1 })
    await session.save()
    expect(await data(cookie)).toEqual({})
  })
})

/** Makes the next save fail and delays it until `late()` is called. Calls `next` before the save after that. */
function delaySave(engine: MapEngine, next: () => unknown) {
  const { save } = engine
  const delayed = { late: (): unknown => undefined }
  engine.save = async (...args) => {
    delayed.late = () => save(...args)
    engine.save = async (...again) => {
      engine.save = save
      await next()
      return save(...again)
    }
    throw new Error('no answer in time')
  }
  return delayed
}
