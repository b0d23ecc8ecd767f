import type { SessionEngine } from '@sessions/core'
import { sessions } from '@sessions/koa'
import { memoryEngine } from '@sessions/memory'
import Koa3, { type Context } from 'koa'
import { PassThrough, Stream } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ask, cookieOf, reported, serve, touch, versions } from './served.ts'

/** A body that fails while its session is being stored: the store waits for that. */
function failingBody(fail?: 'and the store fails'): {
  engine: SessionEngine
  body: PassThrough
  failure: Error
} {
  const memory = memoryEngine()
  const body = new PassThrough()
  const failure = new Error('upstream has gone')
  const engine: SessionEngine = {
    ...memory,
    async create(...args) {
      const closed = new Promise((resolve) => body.once('close', resolve))
      body.destroy(failure)
      await closed
      if (fail !== undefined) throw new Error('down')
      return memory.create(...args)
    },
  }
  return { engine, body, failure }
}

describe.each(versions)('sessions in %s: a body that fails while they are stored', (_, Koa) => {
  it.each(['GET', 'HEAD'])('is answered by Koa, and the server survives: %s', async (method) => {
    const { engine, body, failure } = failingBody()
    const app = new Koa()
    const errors = reported(app)
    app.use(sessions({ engine }))
    app.use(async (ctx) => {
      if (ctx.path === '/next') return void (ctx.body = 'next')
      await touch(ctx)
      ctx.body = body
    })
    const url = await serve(app)

    const response = await fetch(url, { method })

    expect(response.status).toBe(500)
    expect(errors).toEqual([failure])
    // The status of the handler's response counted.
    expect(cookieOf(response)).toBeDefined()
    expect(await (await fetch(`${url}/next`)).text()).toBe('next')
  })

  it.each(['GET', 'HEAD'])('is reported even if the store fails as well: %s', async (method) => {
    const { engine, body, failure } = failingBody('and the store fails')
    const app = new Koa()
    const errors = reported(app)
    app.use(sessions({ engine }))
    app.use(async (ctx) => {
      await touch(ctx)
      ctx.body = body
    })

    const response = await ask(app, '/', { method })

    expect(response.status).toBeGreaterThanOrEqual(500)
    expect(errors[0]).toBe(failure)
    expect(cookieOf(response)).toBeUndefined()
  })
})

describe('sessions in Koa 3: a body that fails while they are stored', () => {
  it('can be answered by outer middleware', async () => {
    const { engine, body } = failingBody()
    const app = new Koa3()
    app.use(async (ctx, next) => {
      try {
        await next()
      } catch (error) {
        ctx.status = 502
        ctx.body = `sorry: ${(error as Error).message}`
      }
    })
    app.use(sessions({ engine }))
    app.use(async (ctx) => {
      await touch(ctx)
      ctx.set('etag', '"lost"')
      ctx.body = body
    })

    const response = await ask(app)

    expect(response.status).toBe(502)
    expect(await response.text()).toBe('sorry: upstream has gone')
    expect(response.headers.get('etag')).toBeNull()
  })

  it('aborts a response that has begun', async () => {
    const { engine, body, failure } = failingBody()
    const app = new Koa3()
    const errors = reported(app)
    app.use(sessions({ engine }))
    app.use(async (ctx) => {
      await touch(ctx)
      ctx.body = body
      ctx.flushHeaders()
    })

    await expect(ask(app).then((response) => response.text())).rejects.toThrow(TypeError)

    expect(errors).toContain(failure)
  })

  it('does not replace an error that was thrown', async () => {
    const { engine, body } = failingBody()
    const app = new Koa3()
    const errors = reported(app)
    app.use(sessions({ engine }))
    app.use(async (ctx) => {
      await touch(ctx)
      ctx.body = body
      ctx.throw(403, 'mine')
    })

    const response = await ask(app)

    expect(response.status).toBe(403)
    expect(errors.map(({ message }) => message)).toEqual(['mine'])
  })

  it('may be an old-style stream, which is not destroyed by its error', async () => {
    const memory = memoryEngine()
    const body = Object.assign(new Stream(), { readable: true })
    const app = new Koa3()
    const errors = reported(app)
    const create: SessionEngine['create'] = async (...args) => {
      await nextTurn()
      body.emit('error', new Error('upstream has gone'))
      return memory.create(...args)
    }
    app.use(sessions({ engine: { ...memory, create } }))
    app.use(async (ctx) => {
      await touch(ctx)
      ctx.body = body
    })

    const response = await ask(app)

    expect(response.status).toBe(500)
    expect(errors.map(({ message }) => message)).toEqual(['upstream has gone'])
  })

  it('is left alone if the handler answers by itself', async () => {
    const { engine, body } = failingBody()
    const app = new Koa3()
    const errors = reported(app)
    app.use(sessions({ engine }))
    app.use(async (ctx) => {
      await touch(ctx)
      ctx.respond = false
      ctx.body = body
      body.once('error', () => ctx.res.writeHead(502).end('own'))
    })

    const response = await ask(app)

    expect(response.status).toBe(502)
    expect(await response.text()).toBe('own')
    expect(errors).toEqual([])
  })
})

/** Answers with a web body over a store that is down. The body has to be cancelled. */
async function answerWeb(
  respond: (ctx: Context, stream: ReadableStream) => void,
): Promise<{ response: Response; cancelled: Promise<void> }> {
  const memory = memoryEngine()
  const engine: SessionEngine = { ...memory, create: () => Promise.reject(new Error('down')) }
  let stream = new ReadableStream()
  const cancelled = new Promise<void>((resolve) => {
    stream = new ReadableStream({ cancel: () => resolve() })
  })
  const app = new Koa3()
  reported(app)
  app.use(sessions({ engine }))
  app.use(async (ctx) => {
    await touch(ctx)
    respond(ctx, stream)
  })
  return { response: await fetch(await serve(app)), cancelled }
}

describe('sessions in Koa 3: a web body', () => {
  it.each<[string, (stream: ReadableStream) => unknown]>([
    ['a ReadableStream', (stream) => stream],
    ['a Response', (stream) => new Response(stream)],
  ])('that is %s is cancelled if they cannot be stored', async (_, bodyOf) => {
    const { response, cancelled } = await answerWeb((ctx, stream) => {
      ctx.body = bodyOf(stream)
    })

    expect(response.status).toBe(503)
    await cancelled
  })

  it('is cancelled if they cannot be stored, even if the handler has begun the response', async () => {
    const { response, cancelled } = await answerWeb((ctx, stream) => {
      ctx.flushHeaders()
      ctx.body = stream
    })

    expect(response.status).toBe(503)
    await cancelled
  })
})
