import { describe, expect, it } from 'vitest'
import {
  SessionEngineError,
  SessionInterruptedError,
  SessionNotLoadedError,
} from '../src/errors.ts'
import type { Session } from '../src/session/session.ts'
import { caught, keyIn, site } from './support/site.ts'

describe('unlike Django', () => {
  it.each<[string, (session: Session) => unknown]>([
    ['data', (session) => session.data],
    ['size', (session) => session.size],
    ['isEmpty', (session) => session.isEmpty],
    ['get', (session) => session.get('a')],
    ['set', (session) => session.set('a', 1)],
    ['modify', (session) => session.modify('a', () => 1)],
    ['has', (session) => session.has('a')],
    ['delete', (session) => session.delete('a')],
    ['pop', (session) => session.pop('a')],
    ['setDefault', (session) => session.setDefault('a', 1)],
    ['update', (session) => session.update({})],
    ['keys', (session) => session.keys()],
    ['values', (session) => session.values()],
    ['entries', (session) => session.entries()],
    ['toObject', (session) => session.toObject()],
    ['clear', (session) => session.clear()],
    ['cycleKey', (session) => session.cycleKey()],
    ['setExpiry', (session) => session.setExpiry(1)],
    ['getExpiryAge', (session) => session.getExpiryAge()],
    ['getExpiryDate', (session) => session.getExpiryDate()],
    ['getExpireAtBrowserClose', (session) => session.getExpireAtBrowserClose()],
    ['setTestCookie', (session) => session.setTestCookie()],
    ['testCookieWorked', (session) => session.testCookieWorked()],
    ['deleteTestCookie', (session) => session.deleteTestCookie()],
  ])('data is not read at the first access: %s before load() names both remedies', (_, use) => {
    const { manager, engine } = site()
    const withCookie = manager.openFromCookies(`sessionid=${'a'.repeat(32)}`) as Session
    const without = manager.openFromCookies(undefined) as Session

    for (const session of [withCookie, without]) {
      expect(() => use(session)).toThrow(SessionNotLoadedError)
      expect(() => use(session)).toThrow(/await session\.load\(\).*eager: true/)
      expect(session.accessed).toBe(false)
      expect(session.modified).toBe(false)
    }
    expect(engine.calls).toEqual([])
  })

  it('a nested change is detected', async () => {
    const { data, visit } = site()
    const { cookie } = await visit({}, (session) => session.set('a', { b: [1] }))

    const { calls } = await visit({ cookie }, (session) => session.get('a').b.push(2))

    expect(calls).toEqual(['load', 'save'])
    expect(await data(cookie)).toEqual({ a: { b: [1, 2] } })
  })

  it('a nested change is detected, whichever method returned the value', async () => {
    const { data, visit } = site()
    const { cookie } = await visit({}, (session) => session.update({ a: [], b: [], c: [], d: [] }))

    await visit({ cookie }, (session) => session.data.a.push(1))
    await visit({ cookie }, (session) => session.toObject().b.push(1))
    await visit({ cookie }, (session) => [...session.values()][2].push(1))
    await visit({ cookie }, (session) => [...session.entries()][3]?.[1].push(1))
    await visit({ cookie }, (session) => session.setDefault('a', []).push(2))
    await visit({ cookie }, (session) => session.modify('b', (b) => b).push(2))

    expect(await data(cookie)).toEqual({ a: [1, 2], b: [1, 2], c: [1], d: [1] })
  })

  it('a nested change after set and save is detected', async () => {
    const { data, visit } = site()

    const { cookie } = await visit({}, async (session) => {
      const cart: string[] = []
      session.set('cart', cart)
      await session.save()
      cart.push('late')
    })

    expect(await data(cookie)).toEqual({ cart: ['late'] })
  })

  it('a payload formatted by another JSON printer causes no write', async () => {
    const { engine, visit } = site()
    const { cookie } = await visit({}, (session) => session.set('a', 1))
    const [[id = '', record] = []] = engine.records
    const data = '{"name": "jam\\u00f3n", "one": 1.0, "10": 2, "9": 1, "_session_expiry": 60}'
    engine.records.set(id, { expiresAt: 0, version: '', ...record, data })

    const reading = await visit({ cookie }, (session) => session.data)
    const writing = await visit({ cookie }, (session) => (session.data.one = 2))

    expect(reading.calls).toEqual(['load'])
    expect(writing.calls).toEqual(['load', 'save'])
  })

  it('cycleKey does not act at once: a 5xx after it leaves the old session alive', async () => {
    const { data, engine, visit } = site()
    const { cookie } = await visit({}, (session) => session.set('user', 1))

    const answer = await visit({ cookie, status: 500 }, (session) => session.cycleKey())

    expect(answer.setCookie).toEqual([])
    expect(engine.records.size).toBe(1)
    expect(await data(cookie)).toEqual({ user: 1 })
  })

  it('flush does not act at once, and is carried out whatever the status', async () => {
    const { engine, visit } = site()
    const { cookie } = await visit({}, (session) => session.set('user', 1))

    await visit({ cookie, status: 500 }, (session) => {
      session.flush()
      expect(engine.records.size).toBe(1)
    })

    expect(engine.records.size).toBe(0)
  })

  it.each([8, 31, 33, 40])('a key of %i characters is rejected', async (length) => {
    const { visit } = site()

    const { calls } = await visit({ cookie: `sessionid=${'a'.repeat(length)}` }, (s) => s.get('a'))

    expect(calls).toEqual([])
  })

  it('saveEveryRequest with an unknown cookie creates nothing', async () => {
    const { engine, raw } = site({ saveEveryRequest: true })

    const answer = await raw({ cookie: `sessionid=${'a'.repeat(32)}` })

    expect(answer).toMatchObject({ calls: ['load'], setCookie: [] })
    expect(engine.records.size).toBe(0)
  })

  it('a failing store is not a deleted session: 503, not 400', async () => {
    const { fail, visit } = site()
    const { cookie } = await visit({}, (session) => session.set('a', 1))
    fail('save')

    const error = await caught(() => visit({ cookie }, (session) => session.set('a', 2)))

    expect(error).toBeInstanceOf(SessionEngineError)
    expect(error).not.toBeInstanceOf(SessionInterruptedError)
    expect(error).toMatchObject({ status: 503, engine: 'map', operation: 'save' })
  })

  it('an expiry in the past deletes the record and the cookie instead of storing an expired record', async () => {
    const { engine, visit } = site()
    const { cookie } = await visit({}, (session) => session.set('a', 1))

    const existing = await visit({ cookie }, (session) => session.setExpiry(-10))
    const fresh = await visit({}, (session) => session.set('a', 1).setExpiry(new Date(0)))

    expect(existing.setCookie).toEqual([expect.stringContaining('sessionid=; Path=/; Max-Age=0;')])
    expect(existing.calls).toEqual(['load', 'delete'])
    expect(fresh).toMatchObject({ setCookie: [], calls: [] })
    expect(engine.records.size).toBe(0)
  })

  it('the raw key is not stored', async () => {
    const { engine, visit } = site()

    const { cookie } = await visit({}, (session) => session.set('a', 1))

    expect(JSON.stringify([...engine.records])).not.toContain(keyIn(cookie))
  })

  it('of several cookies, each well-formed one is tried until one has a live session', async () => {
    const { engine, events, visit } = site()
    const { cookie } = await visit({}, (session) => session.set('a', 1))
    const [x, y] = ['x', 'y'].map((letter) => `sessionid=${letter.repeat(32)}`)

    const { calls } = await visit({ cookie: `${x}; sessionid=bad; ${y}; ${cookie}; ${x}` }, (s) => {
      expect(s.get('a')).toBe(1)
    })

    expect(calls).toEqual(['load', 'load', 'load'])
    expect(events.filter(({ type }) => type === 'rejected')).toHaveLength(2)
    expect(engine.records.size).toBe(1)
  })

  it('of several cookies, at most four different ones are tried', async () => {
    const { visit } = site()
    const { cookie } = await visit({}, (session) => session.set('a', 1))
    const others = ['v', 'w', 'x', 'y', 'x', 'w']
      .map((letter) => `sessionid=${letter.repeat(32)}`)
      .join('; ')

    const { calls, setCookie } = await visit({ cookie: `${others}; ${cookie}` }, (session) => {
      expect(session.get('a')).toBeUndefined()
    })

    expect(calls).toEqual(['load', 'load', 'load', 'load'])
    expect(setCookie).toEqual([expect.stringContaining('Max-Age=0')])
  })

  it('flush ends every session that the cookies name', async () => {
    const { engine, raw, visit } = site()
    const first = await visit({}, (session) => session.set('a', 1))
    const second = await visit({}, (session) => session.set('a', 2))

    await raw({ cookie: `${first.cookie}; ${second.cookie}` }, (session) => session.flush())

    expect(engine.records.size).toBe(0)
  })

  it('a malformed cookie is left alone if the session is not touched', async () => {
    const { raw } = site()

    expect(await raw({ cookie: 'sessionid=1' })).toMatchObject({ setCookie: [], vary: undefined })
  })

  it('Cache-Control tells caches not to store our Set-Cookie', async () => {
    const { visit } = site()

    const { cacheControl } = await visit({}, (session) => session.set('a', 1))

    expect(cacheControl).toBe('no-cache="Set-Cookie"')
  })
})
