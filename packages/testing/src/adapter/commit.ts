import { expect } from 'vitest'
import { inProcess, overHttp, type AdapterCase, type App } from './context.ts'
import { expectKey, expectNewKey, expectUntouched, expectVaryOnly } from './expectations.ts'

const redirects = [
  ...overHttp('redirects', {
    'a client that follows the redirect immediately finds its session': async ({ serve }) => {
      const visitor = (await serve()).visitor()

      const answer = await visitor.get('/redirect')

      expect(answer.status, 'status').toBe(303)
      expect(answer.lines('location'), 'Location').toEqual(['/all'])
      expectNewKey(answer)
      expect((await visitor.all()).data, 'session data').toEqual({ user: 'ada' })
    },
  }),
  ...inProcess('redirects', {
    'no header arrives before a new session is stored': async ({ serve }) => {
      const app = await serve()
      const gate = app.probe.holdNext('create')

      const transfer = app.transfer('/redirect')
      await gate.reached()
      await app.send('/untouched')
      expect(transfer.started(), 'headers arrived').toBe(false)
      gate.open()

      expectNewKey(await transfer.answer())
    },

    'no header arrives before a change is stored': async ({ serve }) => {
      const app = await serve()
      const visitor = app.visitor()
      await visitor.get('/count')
      const gate = app.probe.holdNext('save')

      const transfer = visitor.transfer('/redirect')
      await gate.reached()
      await app.send('/untouched')
      expect(transfer.started(), 'headers arrived').toBe(false)
      gate.open()

      expectKey(await transfer.answer(), visitor.key())
      expect((await visitor.all()).data, 'session data').toEqual({ views: 1, user: 'ada' })
    },
  }),
]

const statuses = overHttp('status codes', {
  'a session changed by a 404 is stored': async ({ serve }) => {
    const visitor = (await serve()).visitor()

    const answer = await visitor.get('/status/404?key=k')

    expect(answer.status, 'status').toBe(404)
    expectNewKey(answer)
    expect((await visitor.all()).data, 'session data').toEqual({ k: true })
  },

  'an unknown path is a 404 that leaves the session untouched': async ({ serve }) => {
    const answer = await (await serve()).send('/no-such-path')

    expect(answer.status, 'status').toBe(404)
    expectUntouched(answer)
  },

  ...Object.fromEntries(
    [204, 304].map((status) => [
      `a ${status} without a body carries the cookie`,
      async ({ serve }) => {
        const visitor = (await serve()).visitor()

        const answer = await visitor.get(`/status/${status}?key=k`)

        expect(answer.status, 'status').toBe(status)
        expect(answer.body).toBe('')
        expectNewKey(answer)
        expect((await visitor.all()).data, 'session data').toEqual({ k: true })
      },
    ]),
  ),

  'HEAD carries the headers of GET, the cookie among them, and no body': async ({ serve }) => {
    const visitor = (await serve()).visitor()

    const answer = await visitor.get('/count', { method: 'HEAD' })

    expect(answer.status, 'status').toBe(200)
    expect(answer.body).toBe('')
    expectNewKey(answer)
    expect((await visitor.all()).data, 'session data').toEqual({ views: 1 })
  },
})

const errors = overHttp('thrown errors', {
  'a handler that throws stores no new session': async ({ serve }) => {
    const answer = await (await serve()).send('/throw?key=k')

    expect(answer.status, 'status').toBe(500)
    expectVaryOnly(answer)
  },

  'a handler that throws stores no change': async ({ serve }) => {
    const visitor = (await serve()).visitor()
    await visitor.get('/count')

    const answer = await visitor.get('/throw?key=k')

    expect(answer.status, 'status').toBe(500)
    expectVaryOnly(answer)
    expect((await visitor.all()).data, 'session data').toEqual({ views: 1 })
  },

  'the request after a thrown error works': async ({ serve }) => {
    const visitor = (await serve()).visitor()
    await visitor.get('/throw?key=k')

    expect((await visitor.get('/count')).json(), 'GET /count').toEqual({ views: 1 })
  },
})

const streams = [
  ...overHttp('streams', {
    'a stream carries the cookie and is stored': async ({ serve }) => {
      const visitor = (await serve()).visitor()

      const answer = await visitor.get('/stream')

      expect(answer.status, 'status').toBe(200)
      expectNewKey(answer)
      expect(answer.body.match(/chunk \d/g)).toEqual(CHUNKS)
      expect((await visitor.all()).data, 'session data').toEqual({ streamed: true })
    },

    'an event stream carries the cookie and is stored': async ({ serve }) => {
      const visitor = (await serve()).visitor()

      const answer = await visitor.get('/sse')

      expect(answer.status, 'status').toBe(200)
      expect(answer.lines('content-type').join()).toMatch(/^text\/event-stream/)
      expectNewKey(answer)
      expect(answer.body.match(/^data: ?chunk \d$/gm)).toHaveLength(CHUNKS.length)
      expect((await visitor.all()).data, 'session data').toEqual({ streamed: true })
    },
  }),
  ...inProcess('streams', Object.fromEntries(['/stream', '/sse'].flatMap(streamCases))),
  ...inProcess('streams', {
    '/stream, over a slow store: the first chunk arrives before the last is written': async ({
      serve,
    }) => {
      const app = await serve()
      const gate = app.probe.holdNext('create')

      const transfer = app.transfer('/stream')
      await gate.reached()
      // Meanwhile the handler could write every chunk.
      await app.send('/untouched')
      app.pauses.hold()
      gate.open()
      const first = await soon(app, transfer.chunk())
      expect(first, 'first chunk').toContain('chunk 1')
      expect(first, 'first chunk').not.toContain('chunk 5')
      app.pauses.open()

      expect((await transfer.answer()).body).toContain('chunk 5')
    },
  }),
]

function streamCases(path: string): [string, Parameters<typeof inProcess>[1][string]][] {
  return [
    [
      `${path}: the first chunk arrives, with the cookie, before the last is written`,
      async ({ serve }) => {
        const app = await serve()
        const visitor = app.visitor()
        app.pauses.hold()

        const transfer = visitor.transfer(path)
        const head = await soon(app, transfer.head)
        const first = await soon(app, transfer.chunk())
        await app.pauses.reached()

        expectNewKey(head)
        expect(first, 'first chunk').toContain('chunk 1')
        expect(first, 'first chunk').not.toContain('chunk 5')
        expect((await visitor.all()).data, 'session data').toEqual({ streamed: true })
        app.pauses.open()
        expect((await transfer.answer()).body).toContain('chunk 5')
      },
    ],
    [
      `${path}: no byte arrives before the session is stored`,
      async ({ serve }) => {
        const app = await serve()
        const visitor = app.visitor()
        const gate = app.probe.holdNext('create')

        const transfer = visitor.transfer(path)
        await gate.reached()
        await app.send('/untouched')
        expect(transfer.started(), 'headers arrived').toBe(false)
        gate.open()

        expectNewKey(await transfer.answer())
        expect((await visitor.all()).data, 'session data').toEqual({ streamed: true })
      },
    ],
  ]
}

/** Waits for `promise` while fifty other requests are answered; rejects after that, since it may never settle. */
async function soon<T>(app: App, promise: Promise<T>): Promise<T> {
  const settled = promise.then(() => true)
  for (let others = 0; others < 50; others++) {
    const answered = app.send('/untouched').then(() => false)
    if (await Promise.race([settled, answered])) return promise
  }
  throw new Error(
    'Part of the response was still held back after fifty other requests were answered.',
  )
}

const CHUNKS = ['chunk 1', 'chunk 2', 'chunk 3', 'chunk 4', 'chunk 5']

/** The session is stored before the first byte of the response, depending on its status. */
export const commits: readonly AdapterCase[] = [...redirects, ...statuses, ...errors, ...streams]
