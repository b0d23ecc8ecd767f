import { expect } from 'vitest'
import { inProcess, type AdapterCase } from './context.ts'
import { expectCookieDeleted, expectError, expectKey, expectUntouched } from './expectations.ts'

const stores = inProcess('a failing store', {
  'load fails: 503, no cookie': async ({ serve }) => {
    const app = await serve()
    const visitor = app.visitor()
    await visitor.get('/count')
    app.probe.fail('load')

    expectError(await visitor.get('/read'), 503, 'SESSION_ENGINE')
    app.probe.fail()
    expect((await visitor.get('/read')).json(), 'GET /read').toEqual({ views: 1 })
  },

  'load fails, mounted with eager: true: 503 before the handler runs': async ({ serve }) => {
    const app = await serve({ eager: true })
    const visitor = app.visitor()
    await visitor.get('/count')
    app.probe.fail('load')

    expectError(await visitor.get('/untouched'), 503, 'SESSION_ENGINE')
    expect((await app.send('/untouched')).status).toBe(200)
  },

  'create fails: 503, no cookie, no retry': async ({ serve }) => {
    const app = await serve()
    app.probe.fail('create')

    expectError(await app.send('/count'), 503, 'SESSION_ENGINE')
    expect(app.probe.calls(), 'engine calls').toEqual(['create'])
  },

  'save fails: 503, no cookie, no retry, and the stored session is unchanged': async ({
    serve,
  }) => {
    const app = await serve()
    const visitor = app.visitor()
    await visitor.get('/count')
    app.probe.fail('save')
    app.probe.reset()

    expectError(await visitor.get('/count'), 503, 'SESSION_ENGINE')
    expect(app.probe.calls(), 'engine calls').toEqual(['load', 'save'])
    app.probe.fail()
    expect((await visitor.get('/read')).json(), 'GET /read').toEqual({ views: 1 })
  },

  'save fails on a redirect: 503 without Location': async ({ serve }) => {
    const app = await serve()
    const visitor = app.visitor()
    await visitor.get('/count')
    app.probe.fail('save')

    const answer = await visitor.get('/redirect')

    expectError(answer, 503, 'SESSION_ENGINE')
    expect(answer.lines('location'), 'Location').toEqual([])
  },

  'create fails: the headers of the handler are dropped, and Content-Length is that of the error':
    async ({ serve }) => {
      const app = await serve()
      app.probe.fail('create')
      const dropped = ['cache-control', 'etag', 'x-of-the-handler', 'location', 'content-language']
      const query = dropped.map((name) => `${name}=dropped`).join('&')

      const answer = await app.send(`/headers?key=k&set-cookie=theme%3Ddark&${query}`)

      expectError(answer, 503, 'SESSION_ENGINE')
      // A framework may add an ETag of its own to the error response.
      expect(dropped.flatMap((name) => answer.lines(name))).not.toContain('dropped')
      const [length] = answer.lines('content-length')
      if (length !== undefined) expect(Number(length)).toBe(Buffer.byteLength(answer.body))
    },

  'create fails: Vary and the CORS headers stay, so that other origins can read the error': async ({
    serve,
  }) => {
    const app = await serve()
    app.probe.fail('create')
    const origin = 'https://other.example'

    const answer = await app.send(
      `/headers?key=k&vary=Origin&access-control-allow-origin=${encodeURIComponent(origin)}`,
    )

    expectError(answer, 503, 'SESSION_ENGINE')
    expect(answer.list('vary'), 'Vary').toContain('origin')
    expect(answer.list('vary'), 'Vary').toContain('cookie')
    expect(answer.lines('access-control-allow-origin'), 'Access-Control-Allow-Origin').toEqual([
      origin,
    ])
  },

  ...Object.fromEntries(
    ['/stream', '/sse'].map((path) => [
      `create fails on ${path}: 503 instead of the stream`,
      async ({ serve }) => {
        const app = await serve()
        app.probe.fail('create')

        const answer = await app.send(path)

        expectError(answer, 503, 'SESSION_ENGINE')
        expect(answer.body).not.toContain('chunk')
      },
    ]),
  ),

  'create fails on a HEAD request and on a 204: 503': async ({ serve }) => {
    const app = await serve()
    app.probe.fail('create')

    expect((await app.send('/count', { method: 'HEAD' })).status).toBe(503)
    expectError(await app.send('/status/204?key=k'), 503, 'SESSION_ENGINE')
  },

  'delete fails: the logout is a 503, leaves the client its cookie, and is not retried': async ({
    serve,
  }) => {
    const app = await serve()
    const visitor = app.visitor()
    await visitor.get('/count')
    app.probe.fail('delete')
    app.probe.reset()

    expectError(await visitor.post('/flush'), 503, 'SESSION_ENGINE')
    expect(app.probe.calls(), 'engine calls').toEqual(['load', 'delete'])
    app.probe.fail()
    expect((await visitor.get('/read')).json(), 'GET /read').toEqual({ views: 1 })
    expectCookieDeleted(await visitor.post('/flush'))
  },

  'create fails during a rotation: 503, and the old key still works': async ({ serve }) => {
    const app = await serve()
    const visitor = app.visitor()
    await visitor.get('/count')
    app.probe.fail('create')

    expectError(await visitor.post('/cycle'), 503, 'SESSION_ENGINE')
    app.probe.fail()
    expect((await visitor.get('/read')).json(), 'GET /read').toEqual({ views: 1 })
  },

  'every call fails: a request that does not touch its session succeeds': async ({ serve }) => {
    const app = await serve()
    const visitor = app.visitor()
    await visitor.get('/count')
    app.probe.fail('load', 'create', 'save', 'touch', 'delete')

    const answer = await visitor.get('/untouched')

    expect(answer.status, 'status').toBe(200)
    expectUntouched(answer)
  },

  'create and save fail: a handler that throws still gets its own error answered': async ({
    serve,
  }) => {
    const app = await serve()
    app.probe.fail('create', 'save')

    expect((await app.send('/throw?key=k')).status).toBe(500)
    expect(app.probe.calls(), 'engine calls').toEqual([])
  },

  'create failed: the next request tries again': async ({ serve }) => {
    const app = await serve()
    const visitor = app.visitor()
    app.probe.fail('create')
    await visitor.get('/count')
    app.probe.fail()

    expectKey(await visitor.get('/count'))
    expect((await visitor.get('/read')).json(), 'GET /read').toEqual({ views: 1 })
  },
})

const aborts = inProcess('a client that hangs up', {
  'before the first byte: nothing is stored': async ({ serve }) => {
    const app = await serve()
    const visitor = app.visitor()
    await visitor.get('/count')
    app.pauses.hold()
    const transfer = app.transfer('/set?key=k&value=v&wait=1', {
      method: 'POST',
      cookie: visitor.cookie(),
    })
    await app.pauses.reached()
    app.probe.reset()

    await transfer.abort()
    await serverHasNoticed(app.send)
    app.pauses.open()

    expect((await visitor.all()).data, 'session data').toEqual({ views: 1 })
    expect(app.probe.calls(), 'engine calls').not.toContain('save')
  },

  'before the first byte: nor is a change that was made inside a value': async ({ serve }) => {
    const app = await serve()
    const visitor = app.visitor()
    await visitor.post('/nested?item=apple')
    const gate = app.probe.holdNext('load')
    const transfer = app.transfer('/nested?item=pear', {
      method: 'POST',
      cookie: visitor.cookie(),
    })
    await gate.reached()

    await transfer.abort()
    await serverHasNoticed(app.send)
    gate.open()

    expect((await visitor.all()).data, 'session data').toEqual({ cart: ['apple'] })
  },

  'while its session is being stored: it is stored once': async ({ serve }) => {
    const app = await serve()
    const visitor = app.visitor()
    await visitor.get('/count')
    const gate = app.probe.holdNext('save')
    const transfer = visitor.transfer('/count')
    await gate.reached()
    app.probe.reset()

    await transfer.abort()
    await serverHasNoticed(app.send)
    gate.open()

    expect((await visitor.get('/read')).json(), 'GET /read').toEqual({ views: 2 })
    expect(app.probe.calls(), 'engine calls').not.toContain('save')
  },

  'in the middle of a stream: the session is stored, and the server keeps running': async ({
    serve,
  }) => {
    const app = await serve()
    const visitor = app.visitor()
    app.pauses.hold()
    const transfer = visitor.transfer('/stream')
    await transfer.chunk()
    await app.pauses.reached()

    await transfer.abort()
    await serverHasNoticed(app.send)
    app.pauses.open()

    expect((await visitor.all()).data, 'session data').toEqual({ streamed: true })
    expect(app.probe.calls().filter((call) => call !== 'load')).toEqual(['create'])
  },
})

/** Resolves when the server has noticed a closed connection: it has answered requests on later ones. */
async function serverHasNoticed(send: (path: string) => Promise<unknown>): Promise<void> {
  await send('/untouched')
  await send('/untouched')
}

/** Failing stores, and clients that hang up. */
export const failures: readonly AdapterCase[] = [...stores, ...aborts]
