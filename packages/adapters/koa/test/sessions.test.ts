import { createSessions, SessionInterruptedError, type Settings } from '@sessions/core'
import { sessions } from '@sessions/koa'
import { memoryEngine } from '@sessions/memory'
import type { Context } from 'koa'
import { PassThrough, Readable } from 'node:stream'
import { describe, expect, it, vi } from 'vitest'
import { ask, cookieOf, failing, LIVE_LOOKING, reported, serve, touch, versions } from './served.ts'

const settings = (): Settings => ({ engine: memoryEngine() })

/** Throws an error with the properties that Koa reads. */
function fail(message: string, details: object = {}): never {
  throw Object.assign(new Error(message), details)
}

describe.each(versions)('sessions in %s: thrown errors', (_, Koa) => {
  const thrown: readonly [name: string, details: object, status: number, stored: boolean][] = [
    ['without a status', {}, 500, false],
    ['with a client error status', { status: 403 }, 403, true],
    ['with a statusCode', { statusCode: 409 }, 409, true],
    ['with a server error status', { status: 503 }, 503, false],
    ['with an invalid status', { status: 999 }, 500, false],
  ]

  it.each(thrown)('%s: %j', async (_name, details, status, stored) => {
    const app = new Koa()
    reported(app)
    app.use(sessions(settings()))
    app.use(async (ctx) => {
      await touch(ctx)
      fail('mine', details)
    })

    const response = await ask(app)

    expect(response.status).toBe(status)
    expect(cookieOf(response) !== undefined).toBe(stored)
    expect(response.headers.get('vary')).toBe('Cookie')
  })

  it('ENOENT is committed by the status that this Koa answers it with', async () => {
    const engine = memoryEngine()
    const app = new Koa()
    reported(app)
    app.use(sessions({ engine }))
    app.use(async (ctx) => {
      await touch(ctx)
      fail('no such file', { code: 'ENOENT' })
    })

    const response = await ask(app)

    expect(engine.size).toBe(response.status === 404 ? 1 : 0)
    expect(cookieOf(response) !== undefined).toBe(response.status === 404)
  })

  it('a thrown value that is not an error is a 500, and a flush() is still carried out', async () => {
    const engine = memoryEngine()
    const manager = createSessions({ engine })
    const session = manager.open()
    session.set('user', 'ada')
    await session.save()
    const app = new Koa()
    reported(app)
    app.use(sessions(manager))
    app.use((ctx) => {
      ctx['session'].flush()
      // oxlint-disable-next-line typescript/only-throw-error
      throw { status: 403 }
    })

    const response = await ask(app, '/', { headers: { cookie: `sessionid=${session.sessionKey}` } })

    expect(response.status).toBe(500)
    expect(engine.size).toBe(0)
    expect(cookieOf(response)).toContain('Max-Age=0')
  })

  it('keep the headers that the application gave them', async () => {
    const app = new Koa()
    reported(app)
    app.use(sessions(settings()))
    app.use(async (ctx) => {
      await touch(ctx)
      const headers = { 'retry-after': '7', vary: 'Accept', 'set-cookie': ['mine=1'] }
      fail('mine', { status: 429, headers })
    })

    const response = await ask(app)

    expect(response.headers.get('retry-after')).toBe('7')
    expect(response.headers.get('vary')).toBe('Accept, Cookie')
    expect(response.headers.getSetCookie().map((line) => line.split('=')[0])).toEqual([
      'mine',
      'sessionid',
    ])
  })

  it('that requests share carry no cookie from one to another, nor into a log', async () => {
    const shared = Object.assign(new Error('forbidden'), { status: 403 })
    const app = new Koa()
    const errors = reported(app)
    app.use(sessions(settings()))
    app.use(async (ctx) => {
      if (ctx.path === '/touch') await touch(ctx)
      throw shared
    })
    const url = await serve(app)

    const first = await fetch(`${url}/touch`)
    const second = await fetch(url)

    expect(cookieOf(first)).toBeDefined()
    expect(cookieOf(second)).toBeUndefined()
    expect(errors).toEqual([shared, shared])
    expect(shared).not.toHaveProperty('headers')
  })

  it('that outer middleware answers carry the cookie, too', async () => {
    const app = new Koa()
    app.use(async (ctx, next) => {
      try {
        await next()
      } catch {
        ctx.status = 403
        ctx.body = 'sorry'
      }
    })
    app.use(sessions(settings()))
    app.use(async (ctx) => {
      await touch(ctx)
      ctx.throw(403, 'mine')
    })

    const response = await ask(app)

    expect(await response.text()).toBe('sorry')
    expect(cookieOf(response)).toBeDefined()
  })

  it('are not masked by a failing commit', async () => {
    const app = new Koa()
    const errors = reported(app)
    app.use(sessions({ engine: failing }))
    app.use(async (ctx) => {
      await touch(ctx)
      ctx.throw(403, 'mine')
    })

    const response = await ask(app)

    expect(response.status).toBe(403)
    expect(await response.text()).toBe('mine')
    expect(cookieOf(response)).toBeUndefined()
    expect(errors.map(({ message }) => message)).toEqual(['mine'])
  })
})

describe.each(versions)('sessions in %s: errors of this library', (_, Koa) => {
  it('are answered with their status and code, and reported once', async () => {
    const app = new Koa()
    const errors = reported(app)
    app.use(sessions({ engine: failing }))
    app.use(async (ctx) => {
      ctx.body = (await ctx['session'].load()).toObject()
    })

    const response = await ask(app, '/', LIVE_LOOKING)

    expect(response.status).toBe(503)
    expect(response.headers.get('content-type')).toContain('application/json')
    expect(await response.json()).toEqual({ error: 'SESSION_ENGINE' })
    expect(errors).toHaveLength(1)
  })

  it('keep the CORS headers of the response, unless they bring their own', async () => {
    const app = new Koa()
    reported(app)
    app.use(async (_ctx, next) => {
      try {
        await next()
      } catch (error) {
        throw Object.assign(error as Error, { headers: { vary: 'Accept' } })
      }
    })
    app.use(sessions({ engine: failing }))
    app.use(async (ctx) => {
      await touch(ctx)
      ctx.set({ vary: 'Origin', 'access-control-allow-origin': '*', etag: '"1"' })
      ctx.body = 'done'
    })

    const { status, headers } = await ask(app)

    expect(status).toBe(503)
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.get('vary')).toBe('Accept, Cookie')
    expect(headers.has('etag')).toBe(false)
  })

  it('below 500 are not logged', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const app = new Koa()
    app.use(sessions(settings()))
    app.use(() => {
      throw new SessionInterruptedError()
    })

    const response = await ask(app)

    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ error: 'SESSION_INTERRUPTED' })
    expect(log).not.toHaveBeenCalled()
    log.mockRestore()
  })

  it('go to outer middleware, which can answer them, without the headers of the dropped response', async () => {
    const app = new Koa()
    app.use(async (ctx, next) => {
      try {
        await next()
      } catch (error) {
        ctx.body = `sorry: ${(error as { code: string }).code}`
      }
    })
    app.use(sessions({ engine: failing }))
    app.use(async (ctx) => {
      await touch(ctx)
      ctx.set({ etag: '"lost"', location: '/lost', 'cache-control': 'public' })
      ctx.body = Readable.from(['lost'])
    })

    const response = await ask(app)

    expect(response.status).toBe(503)
    expect(await response.text()).toBe('sorry: SESSION_ENGINE')
    for (const name of ['etag', 'location', 'cache-control']) {
      expect(response.headers.get(name)).toBeNull()
    }
  })

  it('that outer middleware swallows do not look like a success', async () => {
    const app = new Koa()
    app.use((_ctx, next) => next().catch(() => {}))
    app.use(sessions({ engine: failing }))
    app.use(async (ctx) => {
      await touch(ctx)
      ctx.body = { lost: true }
    })

    const response = await ask(app)

    expect(response.status).toBe(503)
    expect(await response.text()).not.toContain('lost')
  })

  it('go to an onerror of the application’s own', async () => {
    const app = new Koa()
    Object.assign(app.context, {
      onerror(this: Context, error: Error | null) {
        if (error !== null) this.res.writeHead(502).end('own')
      },
    })
    app.use(sessions({ engine: failing }))
    app.use(touch)

    const response = await ask(app)

    expect(response.status).toBe(502)
    expect(await response.text()).toBe('own')
  })

  it('at the commit of a stream destroy the stream', async () => {
    const body = new PassThrough()
    const app = new Koa()
    reported(app)
    app.use(sessions({ engine: failing }))
    app.use(async (ctx) => {
      await touch(ctx)
      body.write('lost')
      ctx.body = body
    })

    const response = await ask(app)

    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({ error: 'SESSION_ENGINE' })
    expect(body.destroyed).toBe(true)
  })
})

describe.each(versions)('sessions in %s: https', (_, Koa) => {
  async function cookieOver(proxy: boolean, headers: Record<string, string>): Promise<string> {
    const app = new Koa({ proxy })
    app.use(sessions(settings()))
    app.use(touch)
    return cookieOf(await ask(app, '/', { headers })) ?? ''
  }

  it('is taken from ctx.secure, which trusts a proxy if the application does', async () => {
    const headers = { 'x-forwarded-proto': 'https' }

    expect(await cookieOver(false, {})).not.toContain('Secure')
    expect(await cookieOver(false, headers)).not.toContain('Secure')
    expect(await cookieOver(true, headers)).toContain('; Secure')
  })

  it('does not matter if the host is not this machine: the cookie is Secure', async () => {
    expect(await cookieOver(true, { 'x-forwarded-host': 'example.com' })).toContain('; Secure')
  })
})
