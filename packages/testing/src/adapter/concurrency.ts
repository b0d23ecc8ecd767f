import { expect } from 'vitest'
import { inProcess, overHttp, type AdapterCase } from './context.ts'
import { expectError, expectKey, expectNewKey, UNKNOWN_KEY } from './expectations.ts'
import type { Visitor } from './visitor.ts'

const fifty = Array.from({ length: 50 }, (_, index) => index)

const logouts = inProcess('a logout during a slow request', {
  'wins: the slow request fails with SESSION_INTERRUPTED and stores nothing': async ({ serve }) => {
    const app = await serve()
    const visitor = app.visitor()
    await visitor.get('/count')
    const cookie = visitor.cookie()
    app.pauses.hold()
    const slow = app.send('/set?key=k&value=v&wait=1', { method: 'POST', cookie })
    await app.pauses.reached()

    await visitor.post('/flush')
    app.pauses.open()

    expectError(await slow, 400, 'SESSION_INTERRUPTED')
    expect((await app.send('/all', { cookie })).json(), 'GET /all').toEqual({ key: null, data: {} })
  },

  'does not fail a slow request that only reads': async ({ serve }) => {
    const app = await serve()
    const visitor = app.visitor()
    await visitor.get('/count')
    const gate = app.probe.holdNext('load')
    const slow = app.send('/read', { cookie: visitor.cookie() })
    await gate.reached()

    await visitor.post('/flush')
    gate.open()

    const answer = await slow
    expect(answer.status, 'status').toBe(200)
    expect(answer.json(), 'body').toEqual({ views: null })
  },
})

const updates = [
  ...inProcess('parallel requests', {
    'fifty increments add fifty, although all of them loaded the same value': async ({ serve }) => {
      const app = await serve()
      const visitor = app.visitor()
      await visitor.get('/count')
      app.pauses.hold()
      const answers = fifty.map(() => visitor.post('/increment?key=n&wait=1'))
      await app.pauses.reached(fifty.length)
      app.pauses.open()

      const statuses = (await Promise.all(answers)).map(({ status }) => status)

      expect(statuses).toEqual(fifty.map(() => 200))
      expect((await visitor.all()).data, 'session data').toEqual({ views: 1, n: 50 })
    },

    'fifty requests that each set another key lose none of them': async ({ serve }) => {
      const app = await serve()
      const visitor = app.visitor()
      await visitor.get('/count')
      app.pauses.hold()
      const answers = fifty.map((index) => visitor.post(`/set?key=k${index}&value=v&wait=1`))
      await app.pauses.reached(fifty.length)
      app.pauses.open()

      for (const answer of await Promise.all(answers)) expectKey(answer, visitor.key())
      expect(Object.keys((await visitor.all()).data)).toHaveLength(51)
    },

    'of two requests that set the same key, the later commit wins': async ({ serve }) => {
      const app = await serve()
      const visitor = app.visitor()
      await visitor.get('/count')
      app.pauses.hold()
      const slow = visitor.post('/set?key=k&value=slow&wait=1')
      await app.pauses.reached()

      await visitor.post('/set?key=k&value=quick')
      app.pauses.open()
      await slow

      expect((await visitor.all()).data, 'session data').toEqual({ views: 1, k: 'slow' })
    },

    'a deleted key stays deleted when a slower request sets another one': async ({ serve }) => {
      const app = await serve()
      const visitor = app.visitor()
      await visitor.get('/count')
      app.pauses.hold()
      const slow = visitor.post('/set?key=k&value=v&wait=1')
      await app.pauses.reached()

      await visitor.post('/delete?key=views')
      app.pauses.open()
      await slow

      expect((await visitor.all()).data, 'session data').toEqual({ k: 'v' })
    },

    'fifty first visits without a cookie get fifty sessions': async ({ serve }) => {
      const app = await serve()
      const visitors = fifty.map(() => app.visitor())

      await Promise.all(visitors.map((visitor) => visitor.get('/count')))

      expect(new Set(visitors.map((visitor) => visitor.key())).size).toBe(fifty.length)
    },
  }),
  ...overHttp('parallel requests', {
    'fifty parallel increments add fifty': async ({ serve }) => {
      const visitor = (await serve()).visitor()
      await visitor.get('/count')

      await Promise.all(fifty.map(() => visitor.post('/increment?key=n')))

      expect((await visitor.all()).data, 'session data').toEqual({ views: 1, n: 50 })
    },
  }),
]

const rotations = [
  ...inProcess('a rotation during a slow request', {
    'moves the change of the slow request to the new session, and sends it no cookie': async ({
      serve,
    }) => {
      const app = await serve()
      const visitor = app.visitor()
      await visitor.get('/count')
      const old = visitor.key()
      app.pauses.hold()
      const slow = app.send('/set?key=k&value=v&wait=1', {
        method: 'POST',
        cookie: visitor.cookie(),
      })
      await app.pauses.reached()

      const fresh = expectNewKey(await visitor.post('/cycle'), old)
      app.pauses.open()

      const answer = await slow
      expect(answer.status, 'status').toBe(200)
      expect(answer.setCookies, 'Set-Cookie').toEqual([])
      expect(await visitor.all(), 'session').toEqual({ key: fresh, data: { views: 1, k: 'v' } })
    },

    'with rotationGrace 0, fails the slow request with SESSION_INTERRUPTED': async ({ serve }) => {
      const app = await serve({ rotationGrace: 0 })
      const visitor = app.visitor()
      await visitor.get('/count')
      app.pauses.hold()
      const slow = app.send('/set?key=k&value=v&wait=1', {
        method: 'POST',
        cookie: visitor.cookie(),
      })
      await app.pauses.reached()

      await visitor.post('/cycle')
      app.pauses.open()

      expectError(await slow, 400, 'SESSION_INTERRUPTED')
      expect((await visitor.all()).data, 'session data').toEqual({ views: 1 })
    },
  }),
  ...overHttp('a rotated key', {
    'no longer opens a session': async ({ serve }) => {
      const app = await serve()
      const visitor = app.visitor()
      await visitor.get('/count')
      const old = visitor.cookie()
      await visitor.post('/cycle')

      expect((await app.send('/all', { cookie: old })).json(), 'GET /all').toEqual({
        key: null,
        data: {},
      })
    },

    'causes no Set-Cookie, so that a late request does not delete the browser’s new cookie':
      async ({ serve }) => {
        const app = await serve()
        const visitor = app.visitor()
        await visitor.get('/count')
        const old = visitor.cookie()
        await visitor.post('/cycle')

        expect((await app.send('/read', { cookie: old })).setCookies).toEqual([])
      },
  }),
]

const visitors = overHttp('many visitors at once', {
  'each get the data of their own session': async ({ serve }) => {
    const app = await serve()
    const everybody = fifty.map(() => app.visitor())

    await Promise.all(everybody.map(visitThreeTimes))

    for (const [index, visitor] of everybody.entries()) {
      expect((await visitor.all()).data, 'session data').toEqual({ views: 1, me: String(index) })
    }
  },

  'each get a new session, although all of them send the same unknown key': async ({ serve }) => {
    const app = await serve()
    const cookie = `${app.cookieName}=${UNKNOWN_KEY}`

    const answers = await Promise.all(fifty.map(() => app.send('/count', { cookie })))

    expect(new Set(answers.map((answer) => expectNewKey(answer, UNKNOWN_KEY))).size).toBe(50)
  },
})

async function visitThreeTimes(visitor: Visitor, index: number): Promise<void> {
  await visitor.get('/count')
  await visitor.post(`/set?key=me&value=${index}`)
  await visitor.get('/read')
}

/** Requests that overlap. */
export const concurrency: readonly AdapterCase[] = [
  ...logouts,
  ...updates,
  ...rotations,
  ...visitors,
]
