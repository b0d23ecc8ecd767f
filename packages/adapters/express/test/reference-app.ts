import { isSessionError } from '@sessions/core'
import { sessions } from '@sessions/express'
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
import express5, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import { once } from 'node:events'
import { createServer } from 'node:http'

type Handler = (req: Request, res: Response) => Promise<unknown>

/** The reference app of `@sessions/testing` in Express's idiom, for Express 4 as well. */
export function createReferenceApp(
  { settings, eager, pause }: ReferenceApp,
  express: () => Express = express5,
): Express {
  const mount = sessions(settings, { eager })
  const app = express().use(mount)

  /** Sets the key that the query names; without one, the session stays untouched. */
  async function setKey(req: Request): Promise<void> {
    const key = query(req).get('key')
    if (key !== null) (await mount.load(req)).set(key, true)
  }

  async function sendChunks(res: Response, format: (chunk: string) => string): Promise<void> {
    for (const chunk of referenceChunks) {
      // Until the session is stored, the first chunk is held back, and so are the others.
      if (!res.write(format(chunk))) await Promise.race([once(res, 'drain'), once(res, 'close')])
      await pause(chunkPause)
    }
    res.end()
  }

  app.get('/untouched', (_req, res) => void res.json({ ok: true }))
  app.get(
    '/read',
    rejecting(async (req, res) => {
      const session = await mount.load(req)
      res.json({ views: session.get('views') ?? null })
    }),
  )
  app.get(
    '/count',
    rejecting(async (req, res) => {
      const session = await mount.load(req)
      const views: number = session.get('views', 0) + 1
      session.set('views', views)
      res.json({ views })
    }),
  )
  app.post(
    '/increment',
    rejecting(async (req, res) => {
      const session = await mount.load(req)
      await pause(query(req).get('wait'))
      session.modify(query(req).get('key') ?? 'n', (value: number = 0) => value + 1)
      res.json({ ok: true })
    }),
  )
  app.post(
    '/set',
    rejecting(async (req, res) => {
      const session = await mount.load(req)
      await pause(query(req).get('wait'))
      session.set(query(req).get('key') ?? 'k', query(req).get('value') ?? '')
      res.json({ ok: true })
    }),
  )
  app.post(
    '/delete',
    rejecting(async (req, res) => {
      const session = await mount.load(req)
      res.json({ deleted: session.delete(query(req).get('key') ?? 'k') })
    }),
  )
  app.post(
    '/nested',
    rejecting(async (req, res) => {
      res.json({ cart: pushToCart(await mount.load(req), query(req).get('item') ?? 'item') })
    }),
  )
  app.get(
    '/all',
    rejecting(async (req, res) => res.json(everything(await mount.load(req)))),
  )

  app.post(
    '/clear',
    rejecting(async (req, res) => {
      const session = await mount.load(req)
      session.clear()
      res.json({ ok: true })
    }),
  )
  app.post(
    '/flush',
    rejecting(async (req, res) => {
      req.session.flush()
      await setKey(req)
      res.status(Number(query(req).get('status') ?? 200)).json({ ok: true })
    }),
  )
  app.post(
    '/cycle',
    rejecting(async (req, res) => {
      const session = await mount.load(req)
      session.cycleKey()
      res.json({ ok: true })
    }),
  )
  app.post(
    '/expiry',
    rejecting(async (req, res) => {
      const session = await mount.load(req)
      session.setExpiry(parseExpiry(query(req).get('value') ?? 'default'))
      res.json(describeExpiry(session))
    }),
  )

  app.get(
    '/status/:code',
    rejecting(async (req, res) => {
      await setKey(req)
      const status = Number(req.params['code'])
      res.status(status).send(mayHaveBody(status) ? `status ${status}` : undefined)
    }),
  )
  app.get(
    '/throw',
    rejecting(async (req) => {
      await setKey(req)
      throw new Error('thrown by the reference app')
    }),
  )
  app.get(
    '/cycle-throw',
    rejecting(async (req) => {
      const session = await mount.load(req)
      session.cycleKey()
      throw new Error('thrown by the reference app')
    }),
  )
  app.get(
    '/redirect',
    rejecting(async (req, res) => {
      const session = await mount.load(req)
      session.set('user', 'ada')
      res.redirect(303, '/all')
    }),
  )
  app.get(
    '/headers',
    rejecting(async (req, res) => {
      await setKey(req)
      for (const [name, value] of requestedHeaders(query(req))) res.append(name, value)
      res.json({ ok: true })
    }),
  )

  app.get(
    '/stream',
    rejecting(async (req, res) => {
      const session = await mount.load(req)
      session.set('streamed', true)
      res.type('text/plain')
      await sendChunks(res, (chunk) => `${chunk}\n`)
    }),
  )
  app.get(
    '/sse',
    rejecting(async (req, res) => {
      const session = await mount.load(req)
      session.set('streamed', true)
      res.type('text/event-stream').flushHeaders()
      await sendChunks(res, (chunk) => `data: ${chunk}\n\n`)
    }),
  )
  app.get(
    '/large',
    rejecting(async (req, res) => {
      const session = await mount.load(req)
      const bytes = Number(query(req).get('bytes') ?? 0)
      session.set('large', 'x'.repeat(bytes))
      res.json({ bytes })
    }),
  )

  app.post(
    '/test-cookie/set',
    rejecting(async (req, res) => {
      const session = await mount.load(req)
      session.setTestCookie()
      res.json({ worked: session.testCookieWorked() })
    }),
  )
  app.get(
    '/test-cookie/worked',
    rejecting(async (req, res) => {
      const session = await mount.load(req)
      res.json({ worked: session.testCookieWorked() })
    }),
  )
  app.post(
    '/test-cookie/delete',
    rejecting(async (req, res) => {
      const session = await mount.load(req)
      session.deleteTestCookie()
      res.json({ worked: session.testCookieWorked() })
    }),
  )

  return app.use(answerErrors)
}

/** Starts it with Express 5. */
export function serveReferenceApp(options: ReferenceAppOptions): Promise<ReferenceServer> {
  return serveWith(express5, options)
}

/** Starts it with a version of Express. */
export function serveWith(
  express: () => Express,
  options: ReferenceAppOptions,
): Promise<ReferenceServer> {
  const app = createReferenceApp(referenceApp(options), express)
  return listen(createServer(referenceServerOptions, app), options.port)
}

/** Forwards rejections to the error handlers, which Express 4 does not do by itself. */
function rejecting(handler: Handler): RequestHandler {
  return (req, res, next) => {
    handler(req, res).catch(next)
  }
}

/** The raw query: Express parses some of it into objects and arrays. */
function query(req: Request): URLSearchParams {
  return new URL(req.originalUrl, 'http://localhost').searchParams
}

const answerErrors: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (res.headersSent) next(error)
  else if (isSessionError(error)) res.status(error.status ?? 500).json({ error: error.code })
  else res.status(500).json({ error: 'INTERNAL_SERVER_ERROR' })
}
