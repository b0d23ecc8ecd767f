import type { Settings } from '@sessions/core'
import { sessions } from '@sessions/hono'
import {
  chunkPause,
  describeExpiry,
  everything,
  mayHaveBody,
  parseExpiry,
  pushToCart,
  referenceChunks,
  requestedHeaders,
  type ReferenceApp,
} from '@sessions/testing/reference-app'
import { Hono, type Context } from 'hono'
import { stream, streamSSE } from 'hono/streaming'
import type { ContentfulStatusCode, StatusCode } from 'hono/utils/http-status'

/** How to create a reference app: its settings are known from the start, or come with each request. */
export interface HonoReferenceApp extends Pick<ReferenceApp, 'eager' | 'pause'> {
  readonly settings: Settings | ((c: Context) => Settings)
}

/** The reference app of `@sessions/testing` in Hono's idiom: the same on every runtime. */
export function createReferenceApp({
  settings,
  eager,
  pause,
}: HonoReferenceApp): Pick<Hono, 'fetch'> {
  const mount = sessions(settings, { eager })
  const app = new Hono().use(mount)

  /** Sets the key that the query names; without one, the session stays untouched. */
  async function setKey(c: Context): Promise<void> {
    const key = c.req.query('key')
    if (key !== undefined) (await mount.load(c)).set(key, true)
  }

  app.get('/untouched', (c) => c.json({ ok: true }))
  app.get('/read', async (c) => {
    const session = await mount.load(c)
    return c.json({ views: session.get('views') ?? null })
  })
  app.get('/count', async (c) => {
    const session = await mount.load(c)
    const views: number = session.get('views', 0) + 1
    session.set('views', views)
    return c.json({ views })
  })
  app.post('/increment', async (c) => {
    const session = await mount.load(c)
    await pause(c.req.query('wait'))
    session.modify(c.req.query('key') ?? 'n', (value: number = 0) => value + 1)
    return c.json({ ok: true })
  })
  app.post('/set', async (c) => {
    const session = await mount.load(c)
    await pause(c.req.query('wait'))
    session.set(c.req.query('key') ?? 'k', c.req.query('value') ?? '')
    return c.json({ ok: true })
  })
  app.post('/delete', async (c) => {
    const session = await mount.load(c)
    return c.json({ deleted: session.delete(c.req.query('key') ?? 'k') })
  })
  app.post('/nested', async (c) => {
    return c.json({ cart: pushToCart(await mount.load(c), c.req.query('item') ?? 'item') })
  })
  app.get('/all', async (c) => c.json(everything(await mount.load(c))))

  app.post('/clear', async (c) => {
    const session = await mount.load(c)
    session.clear()
    return c.json({ ok: true })
  })
  app.post('/flush', async (c) => {
    c.var.session.flush()
    await setKey(c)
    return c.json({ ok: true }, Number(c.req.query('status') ?? 200) as ContentfulStatusCode)
  })
  app.post('/cycle', async (c) => {
    const session = await mount.load(c)
    session.cycleKey()
    return c.json({ ok: true })
  })
  app.post('/expiry', async (c) => {
    const session = await mount.load(c)
    session.setExpiry(parseExpiry(c.req.query('value') ?? 'default'))
    return c.json(describeExpiry(session))
  })

  app.get('/status/:code', async (c) => {
    await setKey(c)
    const status = Number(c.req.param('code'))
    if (!mayHaveBody(status)) return c.body(null, status as StatusCode)
    return c.text(`status ${status}`, status as ContentfulStatusCode)
  })
  app.get('/throw', async (c) => {
    await setKey(c)
    throw new Error('thrown by the reference app')
  })
  app.get('/cycle-throw', async (c) => {
    const session = await mount.load(c)
    session.cycleKey()
    throw new Error('thrown by the reference app')
  })
  app.get('/redirect', async (c) => {
    const session = await mount.load(c)
    session.set('user', 'ada')
    return c.redirect('/all', 303)
  })
  app.get('/headers', async (c) => {
    await setKey(c)
    for (const [name, value] of requestedHeaders(new URL(c.req.url).searchParams)) {
      c.header(name, value, { append: true })
    }
    return c.json({ ok: true })
  })

  app.get('/stream', async (c) => {
    const session = await mount.load(c)
    session.set('streamed', true)
    return stream(c, async (out) => {
      for (const chunk of referenceChunks) {
        await out.writeln(chunk)
        await pause(chunkPause)
      }
    })
  })
  app.get('/sse', async (c) => {
    const session = await mount.load(c)
    session.set('streamed', true)
    return streamSSE(c, async (out) => {
      for (const chunk of referenceChunks) {
        await out.writeSSE({ data: chunk })
        await pause(chunkPause)
      }
    })
  })
  app.get('/large', async (c) => {
    const session = await mount.load(c)
    const bytes = Number(c.req.query('bytes') ?? 0)
    session.set('large', 'x'.repeat(bytes))
    return c.json({ bytes })
  })

  app.post('/test-cookie/set', async (c) => {
    const session = await mount.load(c)
    session.setTestCookie()
    return c.json({ worked: session.testCookieWorked() })
  })
  app.get('/test-cookie/worked', async (c) => {
    const session = await mount.load(c)
    return c.json({ worked: session.testCookieWorked() })
  })
  app.post('/test-cookie/delete', async (c) => {
    const session = await mount.load(c)
    session.deleteTestCookie()
    return c.json({ worked: session.testCookieWorked() })
  })

  return app
}
