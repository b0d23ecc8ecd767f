import { describe, expect, it } from 'vitest'
import { site } from './support/site.ts'

describe('renewAfter', () => {
  const half = { renewAfter: 0.5, cookie: { age: 100 } }

  it('moves the deadline with one touch once that part of the lifetime has passed', async () => {
    const { clock, data, visit } = site(half)
    const { cookie } = await visit({}, (session) => session.set('a', 1))

    clock.pass(49)
    expect(await visit({ cookie }, (session) => session.get('a'))).toMatchObject({
      calls: ['load'],
      setCookie: [],
    })
    clock.pass(1)
    expect(await visit({ cookie }, (session) => session.get('a'))).toMatchObject({
      calls: ['load', 'touch'],
      setCookie: [expect.stringContaining('Max-Age=100;')],
      vary: 'Cookie',
    })
    clock.pass(99)
    expect(await data(cookie)).toEqual({ a: 1 })
  })

  it('is off by default: a read renews nothing', async () => {
    const { clock, visit } = site({ cookie: { age: 100 } })
    const { cookie } = await visit({}, (session) => session.set('a', 1))
    clock.pass(99)

    expect((await visit({ cookie }, (session) => session.get('a'))).calls).toEqual(['load'])
  })

  it('does nothing for a request that loads but does not read', async () => {
    const { clock, visit } = site(half)
    const { cookie } = await visit({}, (session) => session.set('a', 1))
    clock.pass(60)

    expect(await visit({ cookie })).toMatchObject({ calls: ['load'], setCookie: [] })
  })

  it('does nothing on a 5xx', async () => {
    const { clock, visit } = site(half)
    const { cookie } = await visit({}, (session) => session.set('a', 1))
    clock.pass(60)

    const answer = await visit({ cookie, status: 500 }, (session) => session.get('a'))

    expect(answer).toMatchObject({ calls: ['load'], setCookie: [] })
  })

  it('does nothing for a date, which is absolute', async () => {
    const { clock, visit } = site(half)
    const date = new Date(clock.now() + 100_000)
    const { cookie } = await visit({}, (session) => session.setExpiry(date))
    clock.pass(99)

    expect((await visit({ cookie }, (session) => session.get('a'))).calls).toEqual(['load'])
  })

  it('counts in the session’s own lifetime', async () => {
    const { clock, visit } = site(half)
    const { cookie } = await visit({}, (session) => session.setExpiry(10))
    clock.pass(5)

    const answer = await visit({ cookie }, (session) => session.get('a'))

    expect(answer.setCookie).toEqual([expect.stringContaining('Max-Age=10;')])
  })

  it('moves the record of a session that ends with the browser, and sends no cookie', async () => {
    const { clock, visit } = site(half)
    const { cookie } = await visit({}, (session) => session.setExpiry(0))
    clock.pass(50)

    expect(await visit({ cookie }, (session) => session.get('a'))).toMatchObject({
      calls: ['load', 'touch'],
      setCookie: [],
      vary: 'Cookie',
    })
  })

  it('does nothing if absoluteAge leaves nothing to extend', async () => {
    const { clock, visit } = site({ ...half, absoluteAge: 100 })
    const { cookie } = await visit({}, (session) => session.set('a', 1))
    clock.pass(60)

    expect((await visit({ cookie }, (session) => session.get('a'))).calls).toEqual(['load'])
  })

  it('is part of the save if something changed', async () => {
    const { clock, visit } = site(half)
    const { cookie } = await visit({}, (session) => session.set('a', 1))
    clock.pass(60)

    const answer = await visit({ cookie }, (session) => session.set('a', 2))

    expect(answer.calls).toEqual(['load', 'save'])
  })

  it('of 0 renews with every read', async () => {
    const { clock, visit } = site({ renewAfter: 0 })
    const { cookie } = await visit({}, (session) => session.set('a', 1))
    clock.pass(0.001)

    const answer = await visit({ cookie }, (session) => session.get('a'))

    expect(answer.calls).toEqual(['load', 'touch'])
  })

  it('keeps the deadline of a concurrent request that was faster, and sends no cookie', async () => {
    const { clock, data, visit } = site(half)
    const { cookie } = await visit({}, (session) => session.set('a', 1))
    clock.pass(60)

    const answer = await visit({ cookie }, async (session) => {
      session.get('a')
      await visit({ cookie }, (other) => other.set('a', 2))
    })

    expect(answer).toMatchObject({ setCookie: [], vary: 'Cookie' })
    expect(await data(cookie)).toEqual({ a: 2 })
  })

  it('does not revive a session that another request ended', async () => {
    const { clock, engine, raw, visit } = site(half)
    const { cookie } = await visit({}, (session) => session.set('a', 1))
    clock.pass(60)

    const answer = await visit({ cookie }, async (session) => {
      session.get('a')
      await raw({ cookie }, (other) => other.flush())
    })

    expect(answer.setCookie).toEqual([])
    expect(engine.records.size).toBe(0)
  })
})

describe('saveEveryRequest', () => {
  it('touches the session with each response below 500, and sends its cookie', async () => {
    const { clock, data, raw, visit } = site({ saveEveryRequest: true, cookie: { age: 100 } })
    const { cookie } = await visit({}, (session) => session.set('a', 1))

    for (let request = 0; request < 5; request++) {
      clock.pass(90)
      expect(await raw({ cookie })).toMatchObject({
        calls: ['load', 'touch'],
        setCookie: [expect.stringContaining('Max-Age=100;')],
        vary: 'Cookie',
      })
    }
    expect(await data(cookie)).toEqual({ a: 1 })
  })

  it('saves instead of touching if something changed', async () => {
    const { visit } = site({ saveEveryRequest: true })
    const { cookie } = await visit({}, (session) => session.set('a', { b: 1 }))

    const { calls } = await visit({ cookie }, (session) => (session.get('a').b = 2))

    expect(calls).toEqual(['load', 'save'])
  })

  it('sends the cookie of a session that ends with the browser as well', async () => {
    const { raw, visit } = site({ saveEveryRequest: true })
    const { cookie } = await visit({}, (session) => session.setExpiry(0))

    const { setCookie } = await raw({ cookie })

    expect(setCookie).toHaveLength(1)
    expect(setCookie[0]).not.toContain('Max-Age')
  })

  it('creates no session for a new client, or without data', async () => {
    const { engine, raw, visit } = site({ saveEveryRequest: true })

    expect(await raw({})).toMatchObject({ calls: [], setCookie: [], vary: undefined })
    expect(await visit({}, (session) => session.get('a'))).toMatchObject({ setCookie: [] })
    expect(await raw({ cookie: 'sessionid=bad' })).toMatchObject({ calls: [], setCookie: [] })
    expect(engine.records.size).toBe(0)
  })

  it('does not touch a session that is flushed', async () => {
    const { raw, visit } = site({ saveEveryRequest: true })
    const { cookie } = await visit({}, (session) => session.set('a', 1))

    const answer = await raw({ cookie }, (session) => session.flush())

    expect(answer.calls).not.toContain('touch')
    expect(answer.cookie).toBeUndefined()
  })

  it('fails if the store fails, whether or not the session was touched', async () => {
    const { fail, raw, visit } = site({ saveEveryRequest: true })
    const { cookie } = await visit({}, (session) => session.set('a', 1))

    for (const operation of ['load', 'touch']) {
      fail(operation)
      await expect(raw({ cookie })).rejects.toMatchObject({ operation, status: 503 })
    }
  })
})
