import { expect } from 'vitest'
import { inProcess, type AdapterCase } from './context.ts'
import { expectCookieDeleted, expectError, expectKey, expectUntouched } from './expectations.ts'

const stores = inProcess('a failing store', {
  'at the load: 503, no cookie': async ({ serve }) => {
    const app = await serve()
    const visitor = app.visitor()
    await visitor.get('/count')
    app.probe.fail('load')

    expectError(await visitor.get('/read'), 503, 'SESSION_ENGINE')
    app.probe.fail()
    expect((await visitor.get('/read')).json()).toEqual({ views: 1 })
  },

  'at the load, mounted eager: 503 before the handler runs': async ({ serve }) => {
    const app = await serve({ eager: true })
    const visitor = app.visitor()
    await visitor.get('/count')
    app.probe.fail('load')

    expectError(await visitor.get('/untouched'), 503, 'SESSION_ENGINE')
    expect((await app.send('/untouched')).status).toBe(200)
  },

  'at the create: 503, no cookie, no second try': async ({ serve }) => {
    const app = await serve()
    app.probe.fail('create')

    expectError(await app.send('/count'), 503, 'SESSION_ENGINE')
    expect(app.probe.calls()).toEqual(['create'])
  },

  'at the save: 503, no cookie, no second try, and the session as it was': async ({ serve }) => {
    const app = await serve()
    const visitor = app.visitor()
    await visitor.get('/count')
    app.probe.fail('save')
    app.probe.reset()

    expectError(await visitor.get('/count'), 503, 'SESSION_ENGINE')
    expect(app.probe.calls()).toEqual(['load', 'save'])
    app.probe.fail()
    expect((await visitor.get('/read')).json()).toEqual({ views: 1 })
  },

  'at the save of a redirect: nothing of the redirect is left': async ({ serve }) => {
    const app = await serve()
    const visitor = app.visitor()
    await visitor.get('/count')
    app.probe.fail('save')

    const answer = await visitor.get('/redirect')

    expectError(answer, 503, 'SESSION_ENGINE')
    expect(answer.lines('location')).toEqual([])
  },

  'at the save: the headers that the handler had set are gone, Content-Length is the error’s':
    async ({ serve }) => {
      const app = await serve()
      app.probe.fail('create')
      const lost = ['cache-control', 'etag', 'x-of-the-handler', 'location', 'content-language']
      const query = lost.map((name) => `${name}=lost`).join('&')

      const answer = await app.send(`/headers?key=k&set-cookie=theme%3Ddark&${query}`)

      expectError(answer, 503, 'SESSION_ENGINE')
      // A framework may give the error's answer an ETag of its own.
      expect(lost.flatMap((name) => answer.lines(name))).not.toContain('lost')
      const [length] = answer.lines('content-length')
      if (length !== undefined) expect(Number(length)).toBe(Buffer.byteLength(answer.body))
    },

  'at the save: Vary and what CORS middleware had set stay, so that other origins can read the answer':
    async ({ serve }) => {
      const app = await serve()
      app.probe.fail('create')
      const origin = 'https://other.example'

      const answer = await app.send(
        `/headers?key=k&vary=Origin&access-control-allow-origin=${encodeURIComponent(origin)}`,
      )

      expectError(answer, 503, 'SESSION_ENGINE')
      expect(answer.list('vary')).toContain('origin')
      expect(answer.lines('access-control-allow-origin')).toEqual([origin])
    },

  ...Object.fromEntries(
    ['/stream', '/sse'].map((path) => [
      `at the save of ${path}: 503 in place of the stream`,
      async ({ serve }) => {
        const app = await serve()
        app.probe.fail('create')

        const answer = await app.send(path)

        expectError(answer, 503, 'SESSION_ENGINE')
        expect(answer.body).not.toContain('chunk')
      },
    ]),
  ),

  'at the save of HEAD and 204: 503': async ({ serve }) => {
    const app = await serve()
    app.probe.fail('create')

    expect((await app.send('/count', { method: 'HEAD' })).status).toBe(503)
    expectError(await app.send('/status/204?key=k'), 503, 'SESSION_ENGINE')
  },

  'at the delete: a failed logout is a 503, keeps the cookie, and is not tried again': async ({
    serve,
  }) => {
    const app = await serve()
    const visitor = app.visitor()
    await visitor.get('/count')
    app.probe.fail('delete')
    app.probe.reset()

    expectError(await visitor.post('/flush'), 503, 'SESSION_ENGINE')
    expect(app.probe.calls()).toEqual(['load', 'delete'])
    app.probe.fail()
    expect((await visitor.get('/read')).json()).toEqual({ views: 1 })
    expectCookieDeleted(await visitor.post('/flush'))
  },

  'at a rotation: 503, and the old key still works': async ({ serve }) => {
    const app = await serve()
    const visitor = app.visitor()
    await visitor.get('/count')
    app.probe.fail('create')

    expectError(await visitor.post('/cycle'), 503, 'SESSION_ENGINE')
    app.probe.fail()
    expect((await visitor.get('/read')).json()).toEqual({ views: 1 })
  },

  'does not matter to a request that does not touch its session': async ({ serve }) => {
    const app = await serve()
    const visitor = app.visitor()
    await visitor.get('/count')
    app.probe.fail('load', 'create', 'save', 'touch', 'delete')

    const answer = await visitor.get('/untouched')

    expect(answer.status).toBe(200)
    expectUntouched(answer)
  },

  'does not matter to a request that throws: its own error is answered': async ({ serve }) => {
    const app = await serve()
    app.probe.fail('create', 'save')

    expect((await app.send('/throw?key=k')).status).toBe(500)
    expect(app.probe.calls()).toEqual([])
  },

  'is asked again by the next request': async ({ serve }) => {
    const app = await serve()
    const visitor = app.visitor()
    app.probe.fail('create')
    await visitor.get('/count')
    app.probe.fail()

    expectKey(await visitor.get('/count'))
    expect((await visitor.get('/read')).json()).toEqual({ views: 1 })
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
    await serverNotices(app.send)
    app.pauses.open()

    expect((await visitor.all()).data).toEqual({ views: 1 })
    expect(app.probe.calls()).not.toContain('save')
  },

  'while its session is stored: it is stored once': async ({ serve }) => {
    const app = await serve()
    const visitor = app.visitor()
    await visitor.get('/count')
    const gate = app.probe.holdNext('save')
    const transfer = visitor.transfer('/count')
    await gate.reached()
    app.probe.reset()

    await transfer.abort()
    await serverNotices(app.send)
    gate.open()

    expect((await visitor.get('/read')).json()).toEqual({ views: 2 })
    expect(app.probe.calls()).not.toContain('save')
  },

  'in the middle of a stream: the session is stored, and the server goes on': async ({ serve }) => {
    const app = await serve()
    const visitor = app.visitor()
    app.pauses.hold()
    const transfer = visitor.transfer('/stream')
    await transfer.chunk()
    await app.pauses.reached()

    await transfer.abort()
    await serverNotices(app.send)
    app.pauses.open()

    expect((await visitor.all()).data).toEqual({ streamed: true })
    expect(app.probe.calls().filter((call) => call !== 'load')).toEqual(['create'])
  },
})

/** By the time that requests of later connections are answered, the server has seen an earlier one close. */
async function serverNotices(send: (path: string) => Promise<unknown>): Promise<void> {
  await send('/untouched')
  await send('/untouched')
}

/** What a failing store and vanishing clients lead to. */
export const failures: readonly AdapterCase[] = [...stores, ...aborts]
