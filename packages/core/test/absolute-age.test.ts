import { describe, expect, it } from 'vitest'
import { type Answer, site } from './support/site.ts'

const HOUR = 3600

const repeat = (calls: readonly string[], times: number): string[] =>
  Array.from({ length: times }, () => calls).flat()

describe('absoluteAge', () => {
  it('ends a session that many seconds after its creation, however often it is saved', async () => {
    const { clock, data, events, visit } = site({ absoluteAge: HOUR, cookie: { age: 1000 } })
    const { cookie } = await visit({}, (session) => session.set('n', 0))

    for (let n = 1; n <= 7; n++) {
      clock.pass(500)
      await visit({ cookie }, (session) => session.set('n', n))
    }
    expect(await data(cookie)).toEqual({ n: 7 })
    clock.pass(100)

    expect(await data(cookie)).toEqual({})
    expect(events.map(({ type }) => type)).toEqual(['created', 'rejected'])
  })

  it('caps the deadline of the record and of the cookie', async () => {
    const { clock, engine, visit } = site({ absoluteAge: HOUR })
    const start = clock.now()

    const first = await visit({}, (session) => session.set('a', 1))
    clock.pass(600)
    const second = await visit({ cookie: first.cookie }, (session) => session.set('a', 2))

    expect(first.setCookie[0]).toContain('Max-Age=3600;')
    expect(second.setCookie[0]).toContain('Max-Age=3000;')
    expect([...engine.records.values()][0]?.expiresAt).toBe(start + HOUR * 1000)
  })

  it('caps getExpiryAge() and getExpiryDate(), for a new session too', async () => {
    const { clock, manager, visit } = site({ absoluteAge: HOUR })
    const start = clock.now()
    const { cookie } = await visit({}, (session) => {
      expect(session.getExpiryAge()).toBe(HOUR)
      expect(session.getExpiryDate()).toEqual(new Date(start + HOUR * 1000))
      session.setExpiry(2 * HOUR)
      expect(session.getExpiryAge()).toBe(HOUR)
    })

    clock.pass(600)
    const session = await manager.openFromCookies(cookie).load()

    expect(session.getExpiryAge()).toBe(3000)
    expect(session.getExpiryDate()).toEqual(new Date(start + HOUR * 1000))
    session.setExpiry(60)
    expect(session.getExpiryAge()).toBe(60)
  })

  it('counts from the creation, which clear, rotation and replay leave unchanged', async () => {
    const { clock, data, visit } = site({ absoluteAge: HOUR })
    let { cookie } = await visit({}, (session) => session.set('a', 1))

    clock.pass(1000)
    await visit({ cookie }, (session) => session.clear())
    clock.pass(1000)
    ;({ cookie } = await visit({ cookie }, (session) => session.cycleKey()))
    clock.pass(1000)
    await visit({ cookie }, async (session) => {
      session.set('a', 2)
      await visit({ cookie }, (other) => other.set('b', 2))
    })
    clock.pass(599)
    expect(await data(cookie)).toEqual({ a: 2, b: 2 })
    clock.pass(1)

    expect(await data(cookie)).toEqual({})
  })

  it('starts over after a flush', async () => {
    const { clock, visit } = site({ absoluteAge: HOUR })
    const { cookie } = await visit({}, (session) => session.set('a', 1))
    clock.pass(3000)

    const { setCookie } = await visit({ cookie }, (session) => {
      session.flush()
      session.set('b', 2)
    })

    expect(setCookie[0]).toContain('Max-Age=3600;')
  })

  it('is stored in epoch seconds, and only while the setting is on', async () => {
    const on = site({ absoluteAge: HOUR })
    const off = site()

    await on.visit({}, (session) => session.set('a', 1))
    await off.visit({}, (session) => session.set('a', 1))

    const created = Date.UTC(2026, 0, 1) / 1000
    expect([...on.engine.records.values()][0]?.data).toBe(`{"a":1,"_session_created":${created}}`)
    expect([...off.engine.records.values()][0]?.data).toBe('{"a":1}')
  })

  it('counts from its next save for a session without a creation time, and a read does not save it', async () => {
    const { clock, data, engine, visit } = site()
    const { cookie } = await visit({}, (session) => session.set('a', 1))
    const later = site({ absoluteAge: HOUR, engine, clock })
    clock.pass(2 * HOUR)

    const calls = engine.calls.length
    await later.visit({ cookie }, (session) => session.data)
    expect(engine.calls.slice(calls)).toEqual(['load'])
    await later.visit({ cookie }, (session) => session.set('a', 2))
    clock.pass(HOUR - 1)
    expect(await later.data(cookie)).toEqual({ a: 2 })
    clock.pass(1)

    expect(await later.data(cookie)).toEqual({})
    expect(await data(cookie)).toEqual({})
  })

  it.each([{ renewAfter: 0 }, { saveEveryRequest: true }])(
    'counts from the next renewal for a session without a creation time: %o',
    async (renewing) => {
      const { clock, engine, visit } = site({ cookie: { age: 1000 } })
      const { cookie } = await visit({}, (session) => session.set('a', 1))
      const later = site({ ...renewing, absoluteAge: HOUR, cookie: { age: 1000 }, engine, clock })
      const read = (): Promise<Answer> => later.visit({ cookie }, (session) => session.get('a'))

      clock.pass(10)
      const before = engine.calls.length
      expect((await read()).setCookie[0]).toContain('Max-Age=1000;')
      for (let reads = 0; reads < 3; reads++) {
        clock.pass(900)
        await read()
      }
      expect(engine.calls.slice(before)).toEqual(['load', 'save', ...repeat(['load', 'touch'], 3)])
      expect(await later.data(cookie)).toEqual({ a: 1 })
      clock.pass(900)

      expect(await later.data(cookie)).toEqual({})
    },
  )

  it('stores nothing that `modified = false` has dropped when a renewal adds the creation time', async () => {
    const { clock, engine, visit } = site()
    const { cookie } = await visit({}, (session) => session.set('a', 1))
    const later = site({ renewAfter: 0, absoluteAge: HOUR, engine, clock })
    clock.pass(10)

    await later.visit({ cookie }, (session) => {
      session.set('a', 2)
      session.modified = false
    })

    expect(await later.data(cookie)).toEqual({ a: 1 })
  })

  it('leaves the deadline of a concurrent request when a renewal adds the creation time', async () => {
    const { clock, engine, visit } = site()
    const { cookie } = await visit({}, (session) => session.set('a', 1))
    const later = site({ renewAfter: 0, absoluteAge: HOUR, onConflict: 'reject', engine, clock })
    clock.pass(10)

    const { setCookie } = await later.visit({ cookie }, async (session) => {
      session.get('a')
      await visit({ cookie }, (other) => other.set('a', 2))
    })

    expect(setCookie).toEqual([])
    expect(await later.data(cookie)).toEqual({ a: 2 })
  })

  it.each(['1e999', '"yesterday"', 'null'])(
    'starts over if the stored creation time is %s',
    async (created) => {
      const { engine, visit } = site({ absoluteAge: HOUR })
      const { cookie } = await visit({}, (session) => session.set('a', 1))
      for (const [id, record] of engine.records) {
        engine.records.set(id, { ...record, data: `{"a":1,"_session_created":${created}}` })
      }

      const { setCookie } = await visit({ cookie }, (session) => session.set('a', 2))

      expect(setCookie[0]).toContain('Max-Age=3600;')
    },
  )

  it('ends the session even if the store keeps the record longer, and reports it as expired', async () => {
    const { clock, data, engine, events, visit } = site({ absoluteAge: HOUR })
    const { cookie } = await visit({}, (session) => session.set('a', 1))
    for (const [id, record] of engine.records) {
      engine.records.set(id, { ...record, expiresAt: clock.now() + 1e9 })
    }
    clock.pass(HOUR)

    expect(await data(cookie)).toEqual({})
    expect(events.map(({ type }) => type)).toEqual(['created', 'expired'])
    const { setCookie } = await visit({ cookie }, (session) => session.get('a'))
    expect(setCookie).toEqual([expect.stringContaining('Max-Age=0;')])
  })

  it('ends the session if it passes during the request: no expired record is stored', async () => {
    const { clock, engine, visit } = site({ absoluteAge: HOUR })
    const { cookie } = await visit({}, (session) => session.set('a', 1))
    clock.pass(HOUR - 1)

    const answer = await visit({ cookie }, (session) => {
      session.cycleKey()
      session.modified = false
      clock.pass(2)
    })

    expect(answer.calls).toEqual(['load', 'delete'])
    expect(answer.setCookie).toEqual([expect.stringContaining('Max-Age=0;')])
    expect(engine.calls).not.toContain('save')
  })
})
