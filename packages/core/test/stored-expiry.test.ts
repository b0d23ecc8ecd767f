import { describe, expect, it } from 'vitest'
import { createSessions } from '../src/manager/sessions.ts'
import { mapEngine } from './support/map-engine.ts'
import { fakeClock, site } from './support/site.ts'

const TWO_WEEKS = 1_209_600
const clock = fakeClock()
const start = clock.now()
const inSeconds = (seconds: number) => new Date(start + seconds * 1000)
const open = () => createSessions({ engine: mapEngine({ now: clock.now }), clock }).open()

describe('the stored expiry', () => {
  it.each([
    ['seconds', 600, 600],
    ['zero', 0, 0],
    ['a date in whole seconds', inSeconds(600), '2026-01-01T00:10:00+00:00'],
    ['a date with milliseconds', inSeconds(600.25), '2026-01-01T00:10:00.250000+00:00'],
    ['a date later than any of Python', new Date(8.64e15), '9999-12-31T23:59:59.999000+00:00'],
  ])('is %s as Django writes it', async (_, expiry, stored) => {
    const { engine, visit, manager } = site()

    const { cookie } = await visit({}, (session) => session.setExpiry(expiry))

    const [record] = engine.records.values()
    expect(JSON.parse(record?.data ?? '')).toEqual({ _session_expiry: stored })
    const loaded = await manager.openFromCookies(cookie).load()
    const fresh = open()
    fresh.setExpiry(expiry)
    expect(loaded.getExpiryDate()).toEqual(fresh.getExpiryDate())
  })

  it('counts seconds from each save', async () => {
    const { clock: time, data, visit } = site()
    const { cookie } = await visit({}, (session) => session.setExpiry(10))

    time.pass(9)
    await visit({ cookie }, (session) => session.set('a', 1))
    time.pass(9)
    expect(await data(cookie)).toEqual({ a: 1 })
    time.pass(1)
    expect(await data(cookie)).toEqual({})
  })

  it.each([
    ['a fraction of a second', {}, 86_400 / 7],
    ['a clock with fractions of a millisecond', { clock: { now: () => start + 0.25 } }, 60],
    ['a rotation with a fractional rotationGrace', { rotationGrace: 100 / 3 }, 60],
  ])('reaches the engine in whole milliseconds after %s', async (_, settings, expiry) => {
    const { engine, visit } = site(settings)

    const { cookie } = await visit({}, (session) => session.setExpiry(expiry))
    await visit({ cookie }, (session) => session.cycleKey())

    const deadlines = [...engine.records.values()].map(({ expiresAt }) => expiresAt)
    expect(deadlines).toHaveLength(2)
    expect(deadlines.map(Math.floor)).toEqual(deadlines)
  })

  it('ends at its date, whenever the session is saved', async () => {
    const { clock: time, data, visit } = site()
    const { cookie } = await visit({}, (session) =>
      session.setExpiry(new Date(time.now() + 10_000)),
    )

    time.pass(9)
    const { setCookie } = await visit({ cookie }, (session) => session.set('a', 1))
    expect(setCookie[0]).toContain('; Max-Age=1; ')
    time.pass(1)
    expect(await data(cookie)).toEqual({})
  })

  it('counts as none if it is neither seconds nor a date', async () => {
    const { engine, manager, visit } = site()
    const { cookie } = await visit({}, (session) => session.set('a', 1))
    const [[id, record] = []] = engine.records
    if (id === undefined || record === undefined) throw new Error('Nothing was stored')
    engine.records.set(id, { ...record, data: '{"a":1,"_session_expiry":{"days":1}}' })

    const session = await manager.openFromCookies(cookie).load()

    expect(session.getExpiryAge()).toBe(TWO_WEEKS)
    expect(session.toObject()).toEqual({ a: 1 })
  })
})

describe('the cookie’s lifetime', () => {
  it.each([
    [
      'two weeks without settings',
      {},
      undefined,
      '; Max-Age=1209600; Expires=Thu, 15 Jan 2026 00:00:00 GMT',
    ],
    [
      'cookie.age',
      { cookie: { age: 60 } },
      undefined,
      '; Max-Age=60; Expires=Thu, 01 Jan 2026 00:01:00 GMT',
    ],
    ['the session’s own seconds', {}, 90, '; Max-Age=90; Expires=Thu, 01 Jan 2026 00:01:30 GMT'],
    [
      'the session’s own date',
      {},
      inSeconds(30),
      '; Max-Age=30; Expires=Thu, 01 Jan 2026 00:00:30 GMT',
    ],
    ['at least a second', {}, 0.25, '; Max-Age=1; Expires=Thu, 01 Jan 2026 00:00:01 GMT'],
    ['400 days at most', {}, 1e9, '; Max-Age=34560000; Expires=Fri, 05 Feb 2027 00:00:00 GMT'],
  ])('is %s', async (_, settings, expiry, lifetime) => {
    const { visit } = site(settings)

    const { setCookie } = await visit({}, (session) => {
      session.set('a', 1)
      if (expiry !== undefined) session.setExpiry(expiry)
    })

    expect(setCookie).toEqual([expect.stringContaining(lifetime)])
  })

  it('ends with the browser after setExpiry(0), while the record lasts cookie.age', async () => {
    const { engine, visit } = site()

    const { setCookie } = await visit({}, (session) => session.set('a', 1).setExpiry(0))

    expect(setCookie[0]).toMatch(
      /^sessionid=[a-z0-9]{32}; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
    expect([...engine.records.values()][0]?.expiresAt).toBe(start + TWO_WEEKS * 1000)
  })

  it('ends with the browser with expireAtBrowserClose, unless the session has its own expiry', async () => {
    const { visit } = site({ expireAtBrowserClose: true })

    const first = await visit({}, (session) => session.set('a', 1))
    const second = await visit({}, (session) => session.set('a', 1).setExpiry(60))

    expect(first.setCookie[0]).not.toMatch(/Max-Age|Expires/)
    expect(second.setCookie[0]).toContain('Max-Age=60')
  })
})
