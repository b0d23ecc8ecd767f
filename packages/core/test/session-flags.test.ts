import { describe, expect, it } from 'vitest'
import { SessionNotLoadedError } from '../src/errors.ts'
import type { Session } from '../src/session/session.ts'
import { site } from './support/site.ts'

/** A loaded session with the keys `a` and `nested`, whose flags are false. */
async function seeded(expiry?: number): Promise<Session> {
  const { manager, visit } = site()
  const { cookie } = await visit({}, (session) => {
    session.update({ a: 1, nested: { b: [1] } })
    if (expiry !== undefined) session.setExpiry(expiry)
  })
  return manager.openFromCookies(cookie).load()
}

type Row = readonly [operation: string, use: (session: Session) => unknown]

const neither: Row[] = [
  ['load()', (session) => session.load()],
  ['exists()', (session) => session.exists()],
  ['loaded', (session) => session.loaded],
  ['sessionKey', (session) => session.sessionKey],
  ['handle', (session) => session.handle],
  ['isEmpty', (session) => session.isEmpty],
  ['getExpiryAge with an expiry', (session) => session.getExpiryAge({ expiry: 10 })],
  ['getExpiryDate with an expiry', (session) => session.getExpiryDate({ expiry: null })],
]

const accessedOnly: Row[] = [
  ['get of a present key', (session) => session.get('a')],
  ['get of a missing key', (session) => session.get('missing')],
  ['has', (session) => session.has('a')],
  ['keys', (session) => session.keys()],
  ['values', (session) => session.values()],
  ['entries', (session) => session.entries()],
  ['size', (session) => session.size],
  ['toObject', (session) => session.toObject()],
  ['data', (session) => session.data],
  ['testCookieWorked', (session) => session.testCookieWorked()],
  ['getExpiryAge', (session) => session.getExpiryAge()],
  ['getExpiryDate', (session) => session.getExpiryDate()],
  ['getExpireAtBrowserClose', (session) => session.getExpireAtBrowserClose()],
  ['reading a nested value and changing it', (session) => session.get('nested').b.push(2)],
  ['pop of a missing key', (session) => session.pop('missing')],
  ['pop of a missing key with a fallback', (session) => session.pop('missing', 1)],
  ['delete of a missing key', (session) => session.delete('missing')],
  ['setDefault on a present key', (session) => session.setDefault('a', 2)],
  ['setExpiry(null) without an expiry', (session) => session.setExpiry(null)],
  ['deleteTestCookie without a test cookie', (session) => session.deleteTestCookie()],
]

const both: Row[] = [
  ['set', (session) => session.set('a', 2)],
  ['set of an equal value', (session) => session.set('a', 1)],
  ['modify', (session) => session.modify('a', (value) => value + 1)],
  ['modify to an equal value', (session) => session.modify('a', (value) => value)],
  ['setDefault on a missing key', (session) => session.setDefault('missing', 1)],
  ['update', (session) => session.update({ a: 2 })],
  ['update with nothing', (session) => session.update({})],
  ['pop of a present key', (session) => session.pop('a')],
  ['delete of a present key', (session) => session.delete('a')],
  ['setExpiry to seconds', (session) => session.setExpiry(10)],
  ['setExpiry to browser-length', (session) => session.setExpiry(0)],
  ['setExpiry to a date', (session) => session.setExpiry(new Date(0))],
  ['clear', (session) => session.clear()],
  ['flush', (session) => session.flush()],
  ['cycleKey', (session) => session.cycleKey()],
  ['setTestCookie', (session) => session.setTestCookie()],
]

describe('the flags `accessed` and `modified`', () => {
  it('are false after load', async () => {
    const session = await seeded()

    expect(session.accessed).toBe(false)
    expect(session.modified).toBe(false)
  })

  it.each(neither)('stay false: %s', async (_, use) => {
    const session = await seeded()

    await use(session)

    expect({ accessed: session.accessed, modified: session.modified }).toEqual({
      accessed: false,
      modified: false,
    })
  })

  it.each(accessedOnly)('only `accessed` is set: %s', async (_, use) => {
    const session = await seeded()

    use(session)

    expect({ accessed: session.accessed, modified: session.modified }).toEqual({
      accessed: true,
      modified: false,
    })
  })

  it.each(both)('both are set: %s', async (_, use) => {
    const session = await seeded()

    use(session)

    expect({ accessed: session.accessed, modified: session.modified }).toEqual({
      accessed: true,
      modified: true,
    })
  })

  it('`modified` is set by setExpiry(null) if there was an expiry', async () => {
    const session = await seeded(60)

    session.setExpiry(null)

    expect(session.modified).toBe(true)
  })

  it('`modified` is set by deleteTestCookie() if there was a test cookie', async () => {
    const session = await seeded()
    session.setTestCookie()
    await session.save()

    session.deleteTestCookie()

    expect(session.modified).toBe(true)
  })
})

describe('session.modified', () => {
  it('can be set to true, which saves an unchanged session', async () => {
    const { visit } = site()
    const { cookie } = await visit({}, (session) => session.set('a', 1))

    const { calls, setCookie } = await visit({ cookie }, (session) => (session.modified = true))

    expect(calls).toEqual(['load', 'save'])
    expect(setCookie).toHaveLength(1)
  })

  it('set to true, does not create a session without data', async () => {
    const { visit } = site()

    const answer = await visit({}, (session) => (session.modified = true))

    expect(answer).toMatchObject({ calls: [], setCookie: [] })
  })

  it('can be set to false, which drops the changes', async () => {
    const { visit, data } = site()
    const { cookie } = await visit({}, (session) => session.set('a', 1))

    const { calls } = await visit({ cookie }, (session) => {
      session.data.a = 2
      session.set('b', 2)
      session.modified = false
    })

    expect(calls).toEqual(['load'])
    expect(await data(cookie)).toEqual({ a: 1 })
  })

  it.each<[string, (session: Session) => unknown]>([
    ['an object', (session) => session.get('o')],
    ['toObject()', (session) => session.toObject()],
    ['values()', (session) => [...session.values()]],
    ['data', (session) => session.data.o],
  ])('stays false if %s is read afterwards', async (_, read) => {
    const { visit, data } = site()
    const { cookie } = await visit({}, (session) => session.update({ a: 1, o: { n: 1 } }))

    const { calls } = await visit({ cookie }, (session) => {
      session.set('a', 2)
      session.get('o').n = 2
      session.modified = false
      read(session)
    })

    expect(calls).toEqual(['load'])
    expect(await data(cookie)).toEqual({ a: 1, o: { n: 1 } })
  })

  it('stays false in a new session, which is not created', async () => {
    const { visit } = site()

    const answer = await visit({}, (session) => {
      session.set('o', {})
      session.modified = false
      session.get('o')
    })

    expect(answer).toMatchObject({ calls: [], setCookie: [] })
  })

  it('set to false, still saves everything if something changes afterwards, by a method or in place', async () => {
    const { visit, data } = site()
    const { cookie } = await visit({}, (session) => session.update({ a: 1, o: { n: 1 } }))

    await visit({ cookie }, (session) => {
      session.set('a', 2)
      session.modified = false
      session.get('o').n = 2
    })
    expect(await data(cookie)).toEqual({ a: 2, o: { n: 2 } })

    await visit({ cookie }, (session) => {
      session.get('o').n = 3
      session.modified = false
      session.set('a', 3)
    })
    expect(await data(cookie)).toEqual({ a: 3, o: { n: 3 } })
  })

  it('set to false, still saves what is changed afterwards in an object that was read before', async () => {
    const { visit, data } = site()
    const { cookie } = await visit({}, (session) => session.update({ a: 1, o: { n: 1 } }))

    await visit({ cookie }, (session) => {
      const { data: live } = session
      live.a = 2
      session.modified = false
      live.a = 3
    })
    expect(await data(cookie)).toEqual({ a: 3, o: { n: 1 } })

    await visit({ cookie }, (session) => {
      const o = session.get('o')
      session.modified = false
      o.n = 2
    })
    expect(await data(cookie)).toEqual({ a: 3, o: { n: 2 } })
  })

  it('set to false, also drops a value that cannot be stored', async () => {
    const { visit } = site()
    const { cookie } = await visit({}, (session) => session.set('a', 1))

    const { calls } = await visit({ cookie }, (session) => {
      session.data.a = new Map()
      session.modified = false
    })

    expect(calls).toEqual(['load'])
  })

  it('set to false, does not cancel cycleKey()', async () => {
    const { visit } = site()
    const { cookie } = await visit({}, (session) => session.set('a', 1))

    const { calls, setCookie } = await visit({ cookie }, (session) => {
      session.cycleKey()
      session.modified = false
    })

    expect(calls).toEqual(['load', 'create', 'save'])
    expect(setCookie).toHaveLength(1)
  })

  it('cannot be assigned before the session is loaded', () => {
    const { manager } = site()
    const session = manager.openFromCookies(undefined) as Session

    expect(() => (session.modified = true)).toThrow(SessionNotLoadedError)
    expect(session.modified).toBe(false)
  })
})
