import { createSessions, type Session, type SessionEngine } from '@sessions/core'
import { sessions } from '@sessions/koa'
import { memoryEngine } from '@sessions/memory'
import type { Context } from 'koa'
import { createServer, connect as connectHttp2 } from 'node:http2'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { ask, cookieOf, failing, reported, touch, versions } from './served.ts'

/** A manager with one stored session, and the cookie of that session. */
async function withSession(): Promise<{
  manager: ReturnType<typeof createSessions>
  cookie: { headers: { cookie: string } }
  stored: () => Promise<Session>
}> {
  const manager = createSessions({ engine: memoryEngine() })
  const session = manager.open()
  session.set('user', 'ada')
  await session.save()
  const key = session.sessionKey ?? ''
  return {
    manager,
    cookie: { headers: { cookie: `sessionid=${key}` } },
    stored: () => manager.open(key).load(),
  }
}

describe.each(versions)('sessions in %s: a handler that writes to ctx.res itself', (_, Koa) => {
  it('after it has returned: its response carries the cookie', async () => {
    const app = new Koa()
    app.use(sessions({ engine: memoryEngine() }))
    app.use(async (ctx) => {
      await touch(ctx)
      ctx.respond = false
      setImmediate(() => ctx.res.writeHead(200, { 'x-own': '1' }).end('own'))
    })

    const response = await ask(app)

    expect(await response.text()).toBe('own')
    expect(response.headers.get('x-own')).toBe('1')
    expect(cookieOf(response)).toBeDefined()
  })

  it('after it has returned, while its session is stored: its response waits, and carries the cookie', async () => {
    const app = new Koa()
    const memory = memoryEngine()
    const engine: SessionEngine = memory
    const create = engine.create.bind(engine)
    let respond: (() => void) | undefined
    vi.spyOn(engine, 'create').mockImplementation(async (...args) => {
      await nextTurn()
      respond?.()
      await nextTurn()
      return create(...args)
    })
    app.use(sessions({ engine }))
    app.use(async (ctx) => {
      await touch(ctx)
      ctx.respond = false
      respond = () => void ctx.res.writeHead(200, { 'x-own': '1' }).end('own')
    })

    const response = await ask(app)

    expect(await response.text()).toBe('own')
    expect(response.headers.get('x-own')).toBe('1')
    expect(response.headers.getSetCookie()).toHaveLength(1)
    expect(cookieOf(response)).toBeDefined()
    expect(memory.size).toBe(1)
  })

  it('at once, after save(): its response carries the cookie beside its own', async () => {
    const engine = memoryEngine()
    const app = new Koa()
    const errors = reported(app)
    app.use(sessions({ engine }))
    app.use(async (ctx) => {
      const session = await ctx['session'].load()
      session.set('user', 'ada')
      await session.save()
      ctx.respond = false
      ctx.res.writeHead(200, 'Fine', { 'Set-Cookie': 'mine=1', Vary: 'Accept' })
      ctx.res.end('own')
    })

    const response = await ask(app)

    expect(response.headers.getSetCookie()[0]).toBe('mine=1')
    expect(cookieOf(response)).toBeDefined()
    expect(response.headers.get('vary')).toBe('Accept, Cookie')
    expect(engine.size).toBe(1)
    expect(errors).toEqual([])
  })

  it('at once: its session is stored before the first byte', async () => {
    const engine = memoryEngine()
    const app = new Koa()
    const errors = reported(app)
    app.use(sessions({ engine }))
    app.use(async (ctx) => {
      await touch(ctx)
      ctx.respond = false
      ctx.res.end('own')
    })

    const response = await ask(app)

    expect(await response.text()).toBe('own')
    expect(cookieOf(response)).toBeDefined()
    expect(engine.size).toBe(1)
    expect(errors).toEqual([])
  })

  it('at once: its changes after the first byte are stored by save()', async () => {
    const { manager, cookie, stored } = await withSession()
    const app = new Koa()
    const errors = reported(app)
    const done = new Promise<void>((resolve) => {
      app.use((_ctx, next) => next().then(resolve))
    })
    app.use(sessions(manager))
    app.use(async (ctx) => {
      const session = await ctx['session'].load()
      session.set('before', true)
      ctx.respond = false
      ctx.res.write('own')
      session.set('after', true)
      await session.save()
      session.set('unsaved', true)
      ctx.res.end()
    })

    const response = await ask(app, '/', cookie)

    expect(await response.text()).toBe('own')
    await done
    expect((await stored()).toObject()).toEqual({ user: 'ada', before: true, after: true })
    expect(errors).toEqual([])
  })

  it('before it accesses its session: save() of a new session fails', async () => {
    const engine = memoryEngine()
    const app = new Koa()
    const reports = once(app, 'error')
    app.use(sessions({ engine }))
    app.use(async (ctx) => {
      ctx.respond = false
      ctx.res.write('own')
      const session = await ctx['session'].load()
      session.set('user', 'ada')
      try {
        await session.save()
      } finally {
        ctx.res.end()
      }
    })

    const response = await ask(app)

    expect(await response.text()).toBe('own')
    expect(await reports).toMatchObject([{ code: 'SESSION_COMMITTED' }, {}])
    expect(engine.size).toBe(0)
  })

  it('over a failing store: the response is a 503, reported once, without a second try', async () => {
    const create = vi.fn<() => Promise<never>>(() => Promise.reject(new Error('down')))
    const app = new Koa()
    const reports = once(app, 'error')
    app.use(sessions({ engine: { ...memoryEngine(), create } }))
    app.use(async (ctx) => {
      await touch(ctx)
      ctx.respond = false
      ctx.res.setHeader('etag', '"lost"')
      ctx.res.end('own')
    })

    const response = await ask(app)

    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({ error: 'SESSION_ENGINE' })
    expect(response.headers.get('etag')).toBeNull()
    expect(await reports).toMatchObject([{ code: 'SESSION_ENGINE' }, {}])
    expect(create).toHaveBeenCalledOnce()
  })

  it('by a stream, over a failing store: the stream is closed', async () => {
    const app = new Koa()
    reported(app)
    app.use(sessions({ engine: failing }))
    // It produces nothing before the error response has ended.
    const source = new PassThrough()
    const closed = once(source, 'close')
    app.use(async (ctx) => {
      await touch(ctx)
      ctx.respond = false
      source.pipe(ctx.res)
    })

    const response = await ask(app)

    expect(response.status).toBe(503)
    await closed
  })

  it('at once: a logout is carried out', async () => {
    const { manager, cookie, stored } = await withSession()
    const app = new Koa()
    const errors = reported(app)
    app.use(sessions(manager))
    app.use((ctx) => {
      ctx['session'].flush()
      ctx.respond = false
      ctx.res.end('own')
    })

    await ask(app, '/', cookie)

    expect((await stored()).isEmpty).toBe(true)
    expect(errors).toEqual([])
  })

  it('by ctx.flushHeaders(): the headers carry the cookie', async () => {
    const app = new Koa()
    app.use(sessions({ engine: memoryEngine() }))
    app.use(async (ctx) => {
      await touch(ctx)
      ctx.status = 200
      ctx.flushHeaders()
      ctx.body = 'late'
    })

    const response = await ask(app)

    expect(cookieOf(response)).toBeDefined()
    expect(await response.text()).toBe('late')
  })
})

describe.each(versions)('sessions in %s over HTTP/2', (_, Koa) => {
  /** Asks over HTTP/2, and returns the headers of the response. */
  async function headersOver(handler: (ctx: Context) => unknown): Promise<object> {
    const app = new Koa()
    reported(app)
    app.use(sessions({ engine: memoryEngine() }))
    app.use(async (ctx) => {
      await touch(ctx)
      await handler(ctx)
    })
    const server = createServer(app.callback())
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const client = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    try {
      const [headers] = await once(client.request({ ':path': '/' }).resume(), 'response')
      return headers
    } finally {
      client.close()
      server.close()
    }
  }

  it('a response carries the cookie', async () => {
    const headers = await headersOver((ctx) => {
      ctx.body = 'ok'
    })

    expect(headers).toMatchObject({ ':status': 200, vary: 'Cookie' })
    expect(headers).toHaveProperty('set-cookie', [expect.stringMatching(/^sessionid=/)])
  })

  it('the answer to a thrown error carries the cookie', async () => {
    const headers = await headersOver((ctx) => ctx.throw(403))

    expect(headers).toMatchObject({ ':status': 403, vary: 'Cookie' })
    expect(headers).toHaveProperty('set-cookie', [expect.stringMatching(/^sessionid=/)])
  })
})
