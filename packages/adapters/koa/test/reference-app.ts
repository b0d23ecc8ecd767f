import { Router } from '@koa/router'
import { sessions } from '@sessions/koa'
import {
  chunkPause,
  describeExpiry,
  everything,
  listen,
  mayHaveBody,
  parseExpiry,
  pushToCart,
  referenceApp,
  referenceChunks,
  referenceServerOptions,
  requestedHeaders,
  type ReferenceApp,
  type ReferenceAppOptions,
  type ReferenceServer,
} from '@sessions/testing/reference-app'
import Koa, { type Context } from 'koa'
import { createServer } from 'node:http'
import { Readable } from 'node:stream'

/** The reference app of `@sessions/testing` in Koa's idiom. */
export function createReferenceApp(
  { settings, eager, pause }: ReferenceApp,
  Application: typeof Koa = Koa,
): Koa {
  const mount = sessions(settings, { eager })
  const app = new Application()
  const router = new Router()
  app.use(mount)
  app.use(router.routes())

  /** Sets the key that the query names; without one, the session stays untouched. */
  async function setKey(ctx: Context): Promise<void> {
    const key = query(ctx, 'key')
    if (key !== undefined) (await mount.load(ctx)).set(key, true)
  }

  router.get('/untouched', (ctx) => {
    ctx.body = { ok: true }
  })
  router.get('/read', async (ctx) => {
    const session = await mount.load(ctx)
    ctx.body = { views: session.get('views') ?? null }
  })
  router.get('/count', async (ctx) => {
    const session = await mount.load(ctx)
    const views: number = session.get('views', 0) + 1
    session.set('views', views)
    ctx.body = { views }
  })
  router.post('/increment', async (ctx) => {
    const session = await mount.load(ctx)
    await pause(query(ctx, 'wait'))
    session.modify(query(ctx, 'key') ?? 'n', (value: number = 0) => value + 1)
    ctx.body = { ok: true }
  })
  router.post('/set', async (ctx) => {
    const session = await mount.load(ctx)
    await pause(query(ctx, 'wait'))
    session.set(query(ctx, 'key') ?? 'k', query(ctx, 'value') ?? '')
    ctx.body = { ok: true }
  })
  router.post('/delete', async (ctx) => {
    const session = await mount.load(ctx)
    ctx.body = { deleted: session.delete(query(ctx, 'key') ?? 'k') }
  })
  router.post('/nested', async (ctx) => {
    ctx.body = { cart: pushToCart(await mount.load(ctx), query(ctx, 'item') ?? 'item') }
  })
  router.get('/all', async (ctx) => {
    ctx.body = everything(await mount.load(ctx))
  })

  router.post('/clear', async (ctx) => {
    const session = await mount.load(ctx)
    session.clear()
    ctx.body = { ok: true }
  })
  router.post('/flush', async (ctx) => {
    ctx['session'].flush()
    await setKey(ctx)
    ctx.status = Number(query(ctx, 'status') ?? 200)
    ctx.body = { ok: true }
  })
  router.post('/cycle', async (ctx) => {
    const session = await mount.load(ctx)
    session.cycleKey()
    ctx.body = { ok: true }
  })
  router.post('/expiry', async (ctx) => {
    const session = await mount.load(ctx)
    session.setExpiry(parseExpiry(query(ctx, 'value') ?? 'default'))
    ctx.body = describeExpiry(session)
  })

  router.get('/status/:code', async (ctx) => {
    await setKey(ctx)
    ctx.status = Number(ctx['params'].code)
    if (mayHaveBody(ctx.status)) ctx.body = `status ${ctx.status}`
  })
  router.get('/throw', async (ctx) => {
    await setKey(ctx)
    throw new Error('thrown by the reference app')
  })
  router.get('/cycle-throw', async (ctx) => {
    const session = await mount.load(ctx)
    session.cycleKey()
    throw new Error('thrown by the reference app')
  })
  router.get('/redirect', async (ctx) => {
    const session = await mount.load(ctx)
    session.set('user', 'ada')
    ctx.status = 303
    ctx.redirect('/all')
  })
  router.get('/headers', async (ctx) => {
    await setKey(ctx)
    for (const [name, value] of requestedHeaders(new URLSearchParams(ctx.querystring))) {
      ctx.append(name, value)
    }
    ctx.body = { ok: true }
  })

  router.get('/stream', async (ctx) => {
    const session = await mount.load(ctx)
    session.set('streamed', true)
    ctx.type = 'text'
    ctx.body = Readable.from(chunks((chunk) => `${chunk}\n`))
  })
  router.get('/sse', async (ctx) => {
    const session = await mount.load(ctx)
    session.set('streamed', true)
    ctx.type = 'text/event-stream'
    ctx.body = Readable.from(chunks((chunk) => `data: ${chunk}\n\n`))
  })
  router.get('/large', async (ctx) => {
    const session = await mount.load(ctx)
    const bytes = Number(query(ctx, 'bytes') ?? 0)
    session.set('large', 'x'.repeat(bytes))
    ctx.body = { bytes }
  })

  router.post('/test-cookie/set', async (ctx) => {
    const session = await mount.load(ctx)
    session.setTestCookie()
    ctx.body = { worked: session.testCookieWorked() }
  })
  router.get('/test-cookie/worked', async (ctx) => {
    const session = await mount.load(ctx)
    ctx.body = { worked: session.testCookieWorked() }
  })
  router.post('/test-cookie/delete', async (ctx) => {
    const session = await mount.load(ctx)
    session.deleteTestCookie()
    ctx.body = { worked: session.testCookieWorked() }
  })

  async function* chunks(format: (chunk: string) => string): AsyncGenerator<string> {
    for (const chunk of referenceChunks) {
      yield format(chunk)
      await pause(chunkPause)
    }
  }

  return app
}

/** A query parameter's value. */
function query(ctx: Context, name: string): string | undefined {
  return new URLSearchParams(ctx.querystring).get(name) ?? undefined
}

/** Starts it with a version of Koa. */
export function serveReferenceApp(
  options: ReferenceAppOptions,
  Application: typeof Koa = Koa,
): Promise<ReferenceServer> {
  const app = createReferenceApp(referenceApp(options), Application)
  // The app throws errors on purpose.
  app.silent = true
  return listen(createServer(referenceServerOptions, app.callback()), options.port)
}
