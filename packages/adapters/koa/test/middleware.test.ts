import { bodyParser } from '@koa/bodyparser'
import { sessions } from '@sessions/koa'
import { memoryEngine } from '@sessions/memory'
import type Koa from 'koa'
import type { Context, Middleware } from 'koa'
import olderBodyParser from 'koa-bodyparser'
import compress from 'koa-compress'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { ask, cookieOf, failing, reported, touch, versions } from './served.ts'

const LONG = 'text '.repeat(1000)
const GZIP = { headers: { 'accept-encoding': 'gzip' } }
const places = ['before', 'after'] as const

/** Mounts a middleware before the sessions or after them. */
function mount(app: Koa, place: string, middleware: Middleware, engine = memoryEngine()): void {
  if (place === 'before') app.use(middleware)
  app.use(sessions({ engine }))
  if (place === 'after') app.use(middleware)
}

describe.each(versions)('sessions in %s beside koa-compress', (_, Application) => {
  const bodies = { text: () => LONG, 'a stream': () => Readable.from([LONG.slice(5), 'text ']) }

  describe.each(places)('mounted %s', (place) => {
    it.each(Object.entries(bodies))(
      '%s: the compressed body and the cookie arrive',
      async (_name, body) => {
        const app = new Application()
        mount(app, place, compress())
        app.use(async (ctx) => {
          await touch(ctx)
          ctx.type = 'text'
          ctx.body = body()
        })

        const response = await ask(app, '/', GZIP)

        expect(response.headers.get('content-encoding')).toBe('gzip')
        expect(response.headers.get('vary')).toMatch(/Accept-Encoding/)
        expect(response.headers.get('vary')).toMatch(/Cookie/)
        expect(cookieOf(response)).toBeDefined()
        expect(await response.text()).toBe(LONG)
      },
    )

    it('a failing commit is answered in full, without a content encoding', async () => {
      const app = new Application()
      reported(app)
      mount(app, place, compress(), failing as ReturnType<typeof memoryEngine>)
      app.use(async (ctx) => {
        await touch(ctx)
        ctx.body = LONG
      })

      const response = await ask(app, '/', GZIP)

      expect(response.status).toBe(503)
      expect(response.headers.get('content-encoding')).toBeNull()
      expect(await response.json()).toEqual({ error: 'SESSION_ENGINE' })
    })
  })
})

const parsers = { '@koa/bodyparser': bodyParser, 'koa-bodyparser': olderBodyParser }
const parsed = versions.flatMap(([version, Application]) =>
  Object.entries(parsers).map(([name, parser]) => [version, name, Application, parser] as const),
)

describe.each(parsed)('sessions in %s beside %s', (_version, _name, Application, parser) => {
  it.each(places)('mounted %s: the body is parsed and the cookie arrives', async (place) => {
    const app = new Application()
    mount(app, place, parser())
    app.use(async (ctx: Context) => {
      await touch(ctx)
      ctx.body = { name: (ctx.request.body as { name: string }).name }
    })

    const response = await ask(app, '/', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"name":"ada"}',
    })

    expect(await response.json()).toEqual({ name: 'ada' })
    expect(cookieOf(response)).toBeDefined()
  })

  it.each(places)(
    'mounted %s: bodies that it refuses are answered as without sessions',
    async (place) => {
      const app = new Application()
      reported(app)
      mount(app, place, parser())
      app.use(touch)

      const response = await ask(app, '/', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{',
      })

      expect(response.status).toBe(400)
      expect(cookieOf(response)).toBeUndefined()
    },
  )
})

describe.each(versions)(
  'sessions in %s beside a middleware that sets a cookie',
  (_, Application) => {
    it.each(places)('mounted %s: both cookies arrive', async (place) => {
      const app = new Application()
      mount(app, place, async (ctx, next) => {
        await next()
        ctx.cookies.set('mine', '1')
      })
      app.use(touch)

      const names = (await ask(app)).headers.getSetCookie().map((line) => line.split('=')[0])

      expect(names.toSorted()).toEqual(['mine', 'sessionid'])
    })
  },
)
