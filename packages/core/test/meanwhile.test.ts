import { describe, expect, it } from 'vitest'
import { SessionCommittedError, SessionInterruptedError } from '../src/errors.ts'
import type { Session } from '../src/session/session.ts'
import { mapEngine } from './support/map-engine.ts'
import { caught, fakeClock, keyIn, type Site, site } from './support/site.ts'

type Hook = (operation: string) => void | Promise<void>

/** A site whose engine lets a test act while a call is under way, and a client with a session. */
async function withHook(): Promise<
  Site & { cookie: string; open(): Promise<Session>; on(hook: Hook): void }
> {
  const clock = fakeClock()
  const hooks: Hook[] = []
  const engine = mapEngine({ now: clock.now, before: (operation) => hooks.at(-1)?.(operation) })
  const made = site({ engine, clock })
  const { cookie = '' } = await made.visit({}, (session) => session.update({ a: 1, list: [1] }))
  return {
    ...made,
    engine,
    clock,
    cookie,
    open: () => made.manager.openFromCookies(cookie).load(),
    on: (hook) => void hooks.push(hook),
  }
}

/** The hook for the next call of that name alone. */
function once(name: string, act: () => void | Promise<void>): Hook {
  let done = false
  return async (operation) => {
    if (done || operation !== name) return
    done = true
    await act()
  }
}

const add = (a: number): number => a + 1

const fail = () => {
  throw new Error('down')
}

describe('what a request does while its session is written', () => {
  it.each(['get', 'data', 'entries'] as const)(
    'is added to what another request stored, where `modify` did it and `%s` handed objects out',
    async (member) => {
      for (const late of ['before', 'after']) {
        const { data, cookie, on, open } = await withHook()
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

  it('counts as done behind `modify` where it was done in place', async () => {
    const { data, cookie, on, open } = await withHook()
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

  it('is a new key that reaches the client, or an error, whenever it comes before a commit is done', async () => {
    for (let ticks = 0; ticks < 12; ticks++) {
      const { manager, open } = await withHook()
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
      const committing = manager.commit(session, { status: 200 })

      const [{ setCookie }, error] = await Promise.all([committing, rotate(saving)])

      if (error === undefined) expect(setCookie[0]).toContain(`=${session.sessionKey};`)
      else expect(error).toBeInstanceOf(SessionCommittedError)
    }
  })

  it('is stored by the next save, and not lost where the first one fails', async () => {
    for (const fails of [false, true]) {
      const { data, cookie, on, open } = await withHook()
      const session = await open()
      session.set('b', 1).modify('a', (a) => a + 1)
      const during = () => {
        session.set('c', 1).modify('a', (a) => a + 10)
        if (fails) fail()
      }
      on(once('save', during))

      await session.save().catch(() => {})
      expect(session.modified).toBe(true)
      await session.save()

      expect(await data(cookie)).toEqual({ a: 12, b: 1, c: 1, list: [1] })
    }
  })

  it('can be a flush, which the next commit carries out', async () => {
    const { engine, manager, on, open } = await withHook()
    const session = await open()
    session.set('b', 1)
    on(once('save', () => session.flush()))

    await session.save()
    expect(session.sessionKey).toBeUndefined()
    await manager.commit(session, { status: 200 })

    expect(engine.records.size).toBe(0)
  })

  it('can be a flush while it catches up with another request', async () => {
    const { cookie, engine, manager, on, open, visit } = await withHook()
    const session = await open()
    await visit({ cookie }, (other) => other.set('a', 2))
    session.set('b', 1)
    on(once('load', () => session.flush()))

    await session.save()
    await manager.commit(session, { status: 200 })

    expect(engine.records.size).toBe(0)
  })

  it('can be a flush while its deadline is moved: no cookie is owed then', async () => {
    const { clock, cookie, engine, on } = await withHook()
    const { events, manager } = site({ engine, clock, saveEveryRequest: true })
    const session = await manager.openFromCookies(cookie).load()
    on(once('touch', () => session.flush()))

    const { setCookie } = await manager.commit(session, { status: 200 })
    expect(setCookie).toEqual([])
    expect(session.isEmpty).toBe(true)
    await manager.commit(session, { status: 200 })

    expect(events.map(({ type }) => type)).toEqual(['ended'])
    expect(engine.records.size).toBe(0)
  })

  it('can be a flush while an expiry in the past ends it', async () => {
    const { engine, manager, on, open } = await withHook()
    const session = await open()
    session.setExpiry(-1)
    on(once('delete', () => session.flush()))

    const { setCookie } = await manager.commit(session, { status: 200 })

    expect(setCookie).toEqual([expect.stringContaining('Max-Age=0')])
    expect(engine.records.size).toBe(0)
  })

  it('waits for a save that nobody awaited, whose failure is its caller’s', async () => {
    const { data, manager, on, open } = await withHook()
    const session = await open()
    session.set('b', 1)
    on(once('save', fail))

    const save = caught(() => session.save())
    const { setCookie } = await manager.commit(session, { status: 200 })

    expect(await save).toMatchObject({ code: 'SESSION_ENGINE' })
    expect(await data(setCookie[0]?.split(';')[0])).toEqual({ a: 1, b: 1, list: [1] })
  })
})

describe('what others do while a session is written', () => {
  it('can be the end of the new record of a rotation, which is interrupted then', async () => {
    const { cookie, engine, on, open, visit } = await withHook()
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

  it('is kept where this request’s own record did not decode', async () => {
    const { cookie, data, engine, open, visit } = await withHook()
    for (const [id, record] of engine.records) engine.records.set(id, { ...record, data: 'broken' })
    const session = await open()
    await visit({ cookie }, (other) => other.set('theirs', 1))

    session.data.mine = 1
    await session.save()

    expect(await data(cookie)).toEqual({ theirs: 1, mine: 1 })
  })

  it('can be a rotation: this request stores, moves the deadline, and sends no cookie', async () => {
    const { clock, cookie, data, engine } = await withHook()
    const { manager, visit } = site({ engine, clock, saveEveryRequest: true })
    const session = await manager.openFromCookies(cookie).load()
    const rotated = await visit({ cookie }, (other) => other.cycleKey())

    session.set('b', 1)
    await session.save()
    const { setCookie } = await manager.commit(session, { status: 200 })

    expect(engine.calls.at(-1)).toBe('touch')
    expect(setCookie).toEqual([])
    expect(await data(rotated.cookie)).toEqual({ a: 1, b: 1, list: [1] })
  })

  it('cannot keep a session alive that is ended: deleting goes on until it is gone', async () => {
    const { engine, manager, on, open, cookie } = await withHook()
    const session = await open()
    let version = 0
    on((operation) => {
      if (operation !== 'delete' || version > 500) return
      for (const [id, record] of engine.records) {
        engine.records.set(id, { ...record, version: `v${version++}` })
      }
    })

    session.flush()
    await manager.commit(session, { status: 200 })

    expect(engine.records.size).toBe(0)
    expect(cookie).not.toBe('')
  })

  it('leads nobody in circles: markers that do are the end of the session', async () => {
    const { cookie, engine, open } = await withHook()
    const session = await open()
    for (const [id, record] of engine.records) {
      const data = JSON.stringify({ _session_successor: id })
      engine.records.set(id, { ...record, data, version: 'circle' })
    }

    session.set('b', 1)

    expect(await caught(() => session.save())).toBeInstanceOf(SessionInterruptedError)
    expect(cookie).not.toBe('')
  })
})

describe('a store that fails to end a session', () => {
  it('fails the commit, and the session is still to be ended', async () => {
    const { data, cookie, manager, on, open } = await withHook()
    const session = await open()
    session.setExpiry(-1)
    on(once('delete', fail))

    const error = await caught(() => manager.commit(session, { status: 200 }))

    expect(error).toMatchObject({ operation: 'delete' })
    expect(await data(cookie)).toEqual({ a: 1, list: [1] })
    await session.save()
    expect(await data(cookie)).toEqual({})
  })
})
