import { describe, expect, it } from 'vitest'
import { SessionCommittedError } from '../src/errors.ts'
import type { Session } from '../src/session/session.ts'
import { OK, site } from './support/site.ts'
import { withSession } from './support/with-session.ts'

describe('after the headers were sent', () => {
  it('save() stores a change, without a cookie', async () => {
    const { cookie, data, manager, open } = await withSession({ a: 1 })
    const session = await open()
    await manager.commit(session, OK)

    await session.set('late', 1).save()

    expect(await data(cookie)).toEqual({ a: 1, late: 1 })
    expect(await manager.commit(session, OK)).toMatchObject({ setCookie: [] })
  })

  it('another commit stores a change, without a cookie', async () => {
    const { cookie, data, manager, open } = await withSession({ a: 1 })
    const session = await open()
    await manager.commit(session, OK)

    expect(await manager.commit(session.set('late', 1), OK)).toMatchObject({ setCookie: [] })
    expect(await data(cookie)).toEqual({ a: 1, late: 1 })
  })

  it.each<[string, (session: Session) => unknown]>([
    ['a new session', (session) => session.set('a', 1)],
    ['a rotation', (session) => session.cycleKey()],
  ])('%s throws, because the key cannot reach the client', async (_, act) => {
    const { engine, manager } = site()
    const session = await manager.openFromCookies('').load()
    await manager.commit(session, OK)

    act(session)

    await expect(session.save()).rejects.toThrow(SessionCommittedError)
    expect(engine.calls).toEqual([])
  })

  it('a logout is carried out', async () => {
    const { engine, manager, open } = await withSession({ a: 1 })
    const session = await open()
    await manager.commit(session, OK)

    session.flush()
    await session.save()

    expect(engine.records.size).toBe(0)
  })

  it('a logout is carried out even if data was written after it', async () => {
    const { engine, manager, open } = await withSession({ a: 1 })
    const session = await open()
    await manager.commit(session, OK)

    session.flush()
    session.set('late', 1)

    await expect(session.save()).rejects.toThrow(SessionCommittedError)
    expect(engine.records.size).toBe(0)
  })
})
