import { describe, expect, it } from 'vitest'
import { SessionCommittedError, SessionInterruptedError } from '../src/errors.ts'
import { down, once } from './support/hooks.ts'
import { caught, keyIn, OK, site } from './support/site.ts'
import { withSession } from './support/with-session.ts'

const add = (a: number): number => a + 1

describe('a change during a write of the same session', () => {
  it.each(['get', 'data', 'entries'] as const)(
    'made with `modify` is computed again on a conflict, even if `%s` has returned objects',
    async (member) => {
      for (const late of ['before', 'after']) {
        const { data, cookie, on, open } = await withSession({ a: 1, list: [1] })
        const session = await open()
        const other = await open()
        if (member === 'get') session.get('list')
        else if (member === 'data') void session.data
        else session.entries()
        other.modify('a', add)
        if (late === 'before') await other.save()
        session.modify('a', add)
        on(once('save', () => void session.modify('a', add)))

        await session.save()
        if (late === 'after') await other.save()
        await session.save()

        expect(await data(cookie)).toEqual({ a: 4, list: [1] })
      }
    },
  )

  it('made in place after `modify` is kept', async () => {
    const { data, cookie, on, open } = await withSession({ a: 1, list: [1] })
    const session = await open()
    const other = await open()
    const list = session.get('list')
    const during = () => {
      list.push(3)
      session.modify('list', (values) => [...values, 4])
    }
    session.set('list', list)
    on(once('save', during))

    await session.save()
    other.set('b', 1)
    await other.save()
    await session.save()

    expect(await data(cookie)).toEqual({ a: 1, b: 1, list: [1, 3, 4] })
  })

  it('by cycleKey() gives the client the new key or throws, whenever it comes during a commit', async () => {
    for (let ticks = 0; ticks < 12; ticks++) {
      const { manager, open } = await withSession({ a: 1, list: [1] })
      const session = await open()
      const rotate = async (after: Promise<unknown>): Promise<unknown> => {
        await after
        for (let tick = 0; tick < ticks; tick++) await Promise.resolve()
        session.cycleKey()
        return session.save().then(
          () => undefined,
          (error: unknown) => error,
        )
      }
      const saving = session.set('a', 2).save()
      const committing = manager.commit(session, OK)

      const [{ setCookie }, error] = await Promise.all([committing, rotate(saving)])

      if (error === undefined) expect(setCookie[0]).toContain(`=${session.sessionKey};`)
      else expect(error).toBeInstanceOf(SessionCommittedError)
    }
  })

  it('is stored by the next save, even if the first one fails', async () => {
    for (const fails of [false, true]) {
      const { data, cookie, on, open } = await withSession({ a: 1, list: [1] })
      const session = await open()
      session.set('b', 1).modify('a', (a) => a + 1)
      const during = () => {
        session.set('c', 1).modify('a', (a) => a + 10)
        if (fails) down()
      }
      on(once('save', during))

      await session.save().catch(() => {})
      expect(session.modified).toBe(true)
      await session.save()

      expect(await data(cookie)).toEqual({ a: 12, b: 1, c: 1, list: [1] })
    }
  })

  it('by flush() is carried out by the next commit', async () => {
    const { engine, manager, on, open } = await withSession({ a: 1, list: [1] })
    const session = await open()
    session.set('b', 1)
    on(once('save', () => session.flush()))

    await session.save()
    expect(session.sessionKey).toBeUndefined()
    await manager.commit(session, OK)

    expect(engine.records.size).toBe(0)
  })

  it('by flush() is carried out during a replay', async () => {
    const { cookie, engine, manager, on, open, visit } = await withSession({ a: 1, list: [1] })
    const session = await open()
    await visit({ cookie }, (other) => other.set('a', 2))
    session.set('b', 1)
    on(once('load', () => session.flush()))

    await session.save()
    await manager.commit(session, OK)

    expect(engine.records.size).toBe(0)
  })

  it('by flush() during a touch leaves no cookie to send', async () => {
    const { clock, cookie, engine, on } = await withSession({ a: 1, list: [1] })
    const { events, manager } = site({ engine, clock, saveEveryRequest: true })
    const session = await manager.openFromCookies(cookie).load()
    on(once('touch', () => session.flush()))

    const { setCookie } = await manager.commit(session, OK)
    expect(setCookie).toEqual([])
    expect(session.isEmpty).toBe(true)
    await manager.commit(session, OK)

    expect(events.map(({ type }) => type)).toEqual(['ended'])
    expect(engine.records.size).toBe(0)
  })

  it('by flush() is carried out while an expiry in the past ends the session', async () => {
    const { engine, manager, on, open } = await withSession({ a: 1, list: [1] })
    const session = await open()
    session.setExpiry(-1)
    on(once('delete', () => session.flush()))

    const { setCookie } = await manager.commit(session, OK)

    expect(setCookie).toEqual([expect.stringContaining('Max-Age=0')])
    expect(engine.records.size).toBe(0)
  })

  it('is stored by a commit that has waited for a failed save', async () => {
    const { data, manager, on, open } = await withSession({ a: 1, list: [1] })
    const session = await open()
    session.set('b', 1)
    on(once('save', down))

    const save = caught(() => session.save())
    const { setCookie } = await manager.commit(session, OK)

    expect(await save).toMatchObject({ code: 'SESSION_ENGINE' })
    expect(await data(setCookie[0])).toEqual({ a: 1, b: 1, list: [1] })
  })

  it('is not created twice by a commit that follows an unawaited save', async () => {
    const { engine, manager } = site()
    const session = manager.open()

    const saving = session.set('a', 1).save()
    const committed = await manager.commit(session, OK)
    await saving

    expect(engine.calls).toEqual(['create'])
    expect(committed.setCookie).toHaveLength(1)
  })

  it('by flush() of a new session deletes its record with the next commit', async () => {
    const { engine, manager } = site()
    const session = manager.open()

    const saving = session.set('a', 1).save()
    session.flush()
    await saving
    await manager.commit(session, OK)

    expect(session.sessionKey).toBeUndefined()
    expect(engine.records.size).toBe(0)
  })
})

describe('another request’s action during a write', () => {
  it('that ends the new record of a rotation interrupts the rotation', async () => {
    const { cookie, engine, on, open, visit } = await withSession({ a: 1, list: [1] })
    const session = await open()
    const [old] = engine.records.keys()
    session.cycleKey()
    await visit({ cookie }, (other) => other.set('a', 2))
    on(
      once('load', () => {
        for (const id of engine.records.keys()) if (id !== old) engine.records.delete(id)
      }),
    )

    expect(await caught(() => session.save())).toBeInstanceOf(SessionInterruptedError)
    expect([...engine.records.keys()]).toEqual([old])
    expect(session.sessionKey).toBe(keyIn(cookie))
  })

  it('is kept if this request’s own record did not decode', async () => {
    const { cookie, data, engine, open, visit } = await withSession({ a: 1, list: [1] })
    for (const [id, record] of engine.records) engine.records.set(id, { ...record, data: 'broken' })
    const session = await open()
    await visit({ cookie }, (other) => other.set('theirs', 1))

    session.data.mine = 1
    await session.save()

    expect(await data(cookie)).toEqual({ theirs: 1, mine: 1 })
  })

  it('that rotates the key lets this request save and touch, without a cookie', async () => {
    const { clock, cookie, data, engine } = await withSession({ a: 1, list: [1] })
    const { manager, visit } = site({ engine, clock, saveEveryRequest: true })
    const session = await manager.openFromCookies(cookie).load()
    const rotated = await visit({ cookie }, (other) => other.cycleKey())

    session.set('b', 1)
    await session.save()
    const { setCookie } = await manager.commit(session, OK)

    expect(engine.calls.at(-1)).toBe('touch')
    expect(setCookie).toEqual([])
    expect(await data(rotated.cookie)).toEqual({ a: 1, b: 1, list: [1] })
  })

  it('cannot keep an ended session alive: deleting goes on until it is gone', async () => {
    const { engine, manager, on, open } = await withSession()
    const session = await open()
    let version = 0
    on((operation) => {
      if (operation !== 'delete' || version > 500) return
      for (const [id, record] of engine.records) {
        engine.records.set(id, { ...record, version: `v${version++}` })
      }
    })

    session.flush()
    await manager.commit(session, OK)

    expect(engine.records.size).toBe(0)
  })

  it('cannot cause an endless loop: a cycle of markers is an ended session', async () => {
    const { engine, open } = await withSession()
    const session = await open()
    for (const [id, record] of engine.records) {
      const data = JSON.stringify({ _session_successor: id })
      engine.records.set(id, { ...record, data, version: 'circle' })
    }

    session.set('b', 1)

    expect(await caught(() => session.save())).toBeInstanceOf(SessionInterruptedError)
  })
})
