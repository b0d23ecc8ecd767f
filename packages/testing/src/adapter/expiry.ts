import { expect } from 'vitest'
import type { Head } from './client.ts'
import { inProcess, type AdapterCase } from './context.ts'
import { expectCookieDeleted, expectKey, expectNewKey, expectVaryOnly } from './expectations.ts'
import { cookieOf } from './visitor.ts'

/** The cookie's Max-Age in seconds; undefined if it has none and ends with the browser. */
function maxAge(head: Head): number | undefined {
  const { attributes } = cookieOf(head) ?? { attributes: new Map<string, string>() }
  expect(attributes.has('max-age')).toBe(attributes.has('expires'))
  const seconds = attributes.get('max-age')
  return seconds === undefined ? undefined : Number(seconds)
}

const TWO_WEEKS = 1_209_600

const setExpiry = inProcess('setExpiry', {
  'with seconds: cookie and session expire that long after the last change': async ({ serve }) => {
    const app = await serve()
    const visitor = app.visitor()

    const answer = await visitor.post('/expiry?value=60')

    const date = new Date(app.clock.now() + 60_000)
    expect(answer.json(), 'body').toEqual({
      age: 60,
      date: date.toISOString(),
      atBrowserClose: false,
    })
    expect(maxAge(answer), 'Max-Age').toBe(60)
    expect(cookieOf(answer)?.attributes.get('expires')).toBe(date.toUTCString())
    app.clock.advance(59_000)
    expect(maxAge(await visitor.get('/count')), 'Max-Age').toBe(60)
    app.clock.advance(59_999)
    expect((await visitor.get('/read')).json(), 'GET /read').toEqual({ views: 1 })
    app.clock.advance(1)
    expectCookieDeleted(await visitor.get('/read'))
  },

  'with 0: the cookie has no Max-Age, and the session expires after cookie.age (row 21)': async ({
    serve,
  }) => {
    const app = await serve()
    const visitor = app.visitor()
    await visitor.get('/count')

    const answer = await visitor.post('/expiry?value=browser')

    expect(answer.json(), 'body').toMatchObject({ age: TWO_WEEKS, atBrowserClose: true })
    expectKey(answer, visitor.key())
    expect(maxAge(answer), 'Max-Age').toBeUndefined()
    app.clock.advance(TWO_WEEKS * 1000 - 1)
    expect((await visitor.get('/read')).json(), 'GET /read').toEqual({ views: 1 })
    app.clock.advance(1)
    expect((await visitor.get('/read')).json(), 'GET /read').toEqual({ views: null })
  },

  'with null: the settings apply again': async ({ serve }) => {
    const app = await serve({ cookieAge: 100 })
    const visitor = app.visitor()
    await visitor.get('/count')
    await visitor.post('/expiry?value=10')

    const answer = await visitor.post('/expiry?value=default')

    expect(answer.json(), 'body').toMatchObject({ age: 100, atBrowserClose: false })
    expect(maxAge(answer), 'Max-Age').toBe(100)
  },

  'with null, if no expiry was set: no change': async ({ serve }) => {
    const visitor = (await serve()).visitor()
    await visitor.get('/count')

    expectVaryOnly(await visitor.post('/expiry?value=default'))
  },

  'with a date: the session expires then, however often it is changed': async ({ serve }) => {
    const app = await serve()
    const visitor = app.visitor()
    const date = new Date(app.clock.now() + 100_000)

    const answer = await visitor.post(`/expiry?value=${date.toISOString()}`)

    expect(answer.json(), 'body').toEqual({
      age: 100,
      date: date.toISOString(),
      atBrowserClose: false,
    })
    expect(maxAge(answer), 'Max-Age').toBe(100)
    app.clock.advance(40_000)
    expect(maxAge(await visitor.get('/count')), 'Max-Age').toBe(60)
    app.clock.advance(60_000)
    expectCookieDeleted(await visitor.get('/read'))
  },

  'in the past: the record and the cookie are deleted': async ({ serve }) => {
    const app = await serve()
    for (const value of ['-10', new Date(app.clock.now() - 1000).toISOString()]) {
      const visitor = app.visitor()
      await visitor.get('/count')
      const cookie = visitor.cookie()

      expectCookieDeleted(await visitor.post(`/expiry?value=${value}`))

      const answer = await app.send('/all', { cookie })
      expect(answer.json(), 'body').toEqual({ key: null, data: {} })
    }
  },

  'in the past, on a new session: nothing is stored': async ({ serve }) => {
    const app = await serve()

    const answer = await app.send('/expiry?value=-10', { method: 'POST' })

    expectVaryOnly(answer)
    expect(app.probe.calls(), 'engine calls').toEqual([])
  },
})

const settings = inProcess('expiry by settings', {
  'a session expires cookie.age seconds after its last change, to the millisecond': async ({
    serve,
  }) => {
    const app = await serve({ cookieAge: 60 })
    const visitor = app.visitor()
    expect(maxAge(await visitor.get('/count')), 'Max-Age').toBe(60)
    app.clock.advance(30_000)
    await visitor.get('/count')
    app.clock.advance(59_999)

    expect((await visitor.get('/read')).json(), 'GET /read').toEqual({ views: 2 })
    app.clock.advance(1)
    expect((await visitor.get('/read')).json(), 'GET /read').toEqual({ views: null })
  },

  'an expired session that is written to gets a new key': async ({ serve }) => {
    const app = await serve({ cookieAge: 60 })
    const visitor = app.visitor()
    await visitor.get('/count')
    const expired = visitor.key()
    app.clock.advance(60_000)

    const answer = await visitor.get('/count')

    expect(answer.json(), 'body').toEqual({ views: 1 })
    expectNewKey(answer, expired)
  },

  'expireAtBrowserClose: cookies have no Max-Age, unless setExpiry sets one': async ({ serve }) => {
    const visitor = (await serve({ expireAtBrowserClose: true })).visitor()

    expect(maxAge(await visitor.get('/count')), 'Max-Age').toBeUndefined()
    expect(maxAge(await visitor.post('/expiry?value=60')), 'Max-Age').toBe(60)
    expect(maxAge(await visitor.post('/expiry?value=default')), 'Max-Age').toBeUndefined()
  },

  'saveEveryRequest: each request moves the deadline': async ({ serve }) => {
    const app = await serve({ cookieAge: 60, saveEveryRequest: true })
    const visitor = app.visitor()
    await visitor.get('/count')
    for (const path of ['/untouched', '/read', '/untouched']) {
      app.clock.advance(50_000)
      expect(maxAge(await visitor.get(path)), 'Max-Age').toBe(60)
    }

    expect((await visitor.get('/read')).json(), 'GET /read').toEqual({ views: 1 })
  },

  'without renewAfter, reads do not move the deadline': async ({ serve }) => {
    const app = await serve({ cookieAge: 60 })
    const visitor = app.visitor()
    await visitor.get('/count')
    app.clock.advance(50_000)
    expectVaryOnly(await visitor.get('/read'))
    app.clock.advance(10_000)

    expect((await visitor.get('/read')).json(), 'GET /read').toEqual({ views: null })
  },

  'renewAfter: a read after that fraction of the lifetime moves the deadline by a touch': async ({
    serve,
  }) => {
    const app = await serve({ cookieAge: 100, renewAfter: 0.5 })
    const visitor = app.visitor()
    await visitor.get('/count')
    app.clock.advance(49_000)
    expectVaryOnly(await visitor.get('/read'))
    app.clock.advance(1000)
    app.probe.reset()

    const answer = await visitor.get('/read')

    expect(app.probe.calls(), 'engine calls').toEqual(['load', 'touch'])
    expectKey(answer, visitor.key())
    expect(maxAge(answer), 'Max-Age').toBe(100)
    app.clock.advance(99_000)
    expect((await visitor.get('/read')).json(), 'GET /read').toEqual({ views: 1 })
  },

  'renewAfter: an untouched session is not renewed': async ({ serve }) => {
    const app = await serve({ cookieAge: 100, renewAfter: 0.5 })
    const visitor = app.visitor()
    await visitor.get('/count')
    app.clock.advance(90_000)

    expect(await app.calls(() => visitor.get('/untouched')), 'engine calls').toEqual([])
  },

  'renewAfter: a session that expires at a date is not renewed': async ({ serve }) => {
    const app = await serve({ renewAfter: 0.1 })
    const visitor = app.visitor()
    await visitor.post(`/expiry?value=${new Date(app.clock.now() + 100_000).toISOString()}`)
    app.clock.advance(90_000)

    expect(await app.calls(() => visitor.get('/read')), 'engine calls').toEqual(['load'])
  },

  'absoluteAge: neither a change nor cycleKey() extends a session beyond it': async ({ serve }) => {
    const app = await serve({ cookieAge: 100, absoluteAge: 150 })
    const visitor = app.visitor()
    expect(maxAge(await visitor.get('/count')), 'Max-Age').toBe(100)
    app.clock.advance(90_000)
    expect(maxAge(await visitor.get('/count')), 'Max-Age').toBe(60)
    await visitor.post('/cycle')
    app.clock.advance(59_999)
    expect((await visitor.get('/read')).json(), 'GET /read').toEqual({ views: 2 })
    app.clock.advance(1)

    expect((await visitor.get('/read')).json(), 'GET /read').toEqual({ views: null })
  },
})

/** When a session and its cookie expire. */
export const expiry: readonly AdapterCase[] = [...setExpiry, ...settings]
