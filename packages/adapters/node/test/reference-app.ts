import { answerError, sessions, type SessionRequest } from '@sessions/node'
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
import { once } from 'node:events'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'

/** A request, with its URL parsed for the routes. */
interface Exchange {
  readonly req: SessionRequest
  readonly res: ServerResponse
  readonly path: string
  readonly query: URLSearchParams
}

type Handler = (exchange: Exchange) => unknown

/** The reference app of `@sessions/testing` for servers of `node:http`, and of the compatibility API of `node:http2`. */
export function createReferenceApp({ settings, eager, pause }: ReferenceApp): RequestListener {
  const mount = sessions(settings, { eager })

  const setKey = async ({ req, query }: Exchange): Promise<void> => {
    const key = query.get('key')
    if (key !== null) (await mount.load(req)).set(key, true)
  }

  const routes: Readonly<Record<string, Handler>> = {
    'GET /untouched': ({ res }) => json(res, { ok: true }),
    'GET /read': async ({ req, res }) => {
      const session = await mount.load(req)
      json(res, { views: session.get('views') ?? null })
    },
    'GET /count': async ({ req, res }) => {
      const session = await mount.load(req)
      session.set('views', session.get('views', 0) + 1)
      json(res, { views: session.get('views') })
    },
    'POST /increment': async ({ req, res, query }) => {
      const session = await mount.load(req)
      await pause(query.get('wait'))
      session.modify(query.get('key') ?? 'n', (value: number = 0) => value + 1)
      json(res, { ok: true })
    },
    'POST /set': async ({ req, res, query }) => {
      const session = await mount.load(req)
      await pause(query.get('wait'))
      session.set(query.get('key') ?? 'k', query.get('value') ?? '')
      json(res, { ok: true })
    },
    'POST /delete': async ({ req, res, query }) => {
      const session = await mount.load(req)
      json(res, { deleted: session.delete(query.get('key') ?? 'k') })
    },
    'POST /nested': async ({ req, res, query }) =>
      json(res, { cart: pushToCart(await mount.load(req), query.get('item') ?? 'item') }),
    'GET /all': async ({ req, res }) => json(res, everything(await mount.load(req))),
    'POST /clear': async ({ req, res }) => {
      const session = await mount.load(req)
      session.clear()
      json(res, { ok: true })
    },
    'POST /flush': async (exchange) => {
      const { req, res, query } = exchange
      req.session.flush()
      await setKey(exchange)
      json(res, { ok: true }, Number(query.get('status') ?? 200))
    },
    'POST /cycle': async ({ req, res }) => {
      const session = await mount.load(req)
      session.cycleKey()
      json(res, { ok: true })
    },
    'POST /expiry': async ({ req, res, query }) => {
      const session = await mount.load(req)
      session.setExpiry(parseExpiry(query.get('value') ?? 'default'))
      json(res, describeExpiry(session))
    },
    'GET /status': async (exchange) => {
      const { res, path } = exchange
      await setKey(exchange)
      res.statusCode = Number(path.split('/')[2])
      res.end(mayHaveBody(res.statusCode) ? `status ${res.statusCode}` : undefined)
    },
    'GET /throw': async (exchange) => {
      await setKey(exchange)
      throwing()
    },
    'GET /cycle-throw': async ({ req }) => {
      const session = await mount.load(req)
      session.cycleKey()
      throwing()
    },
    'GET /redirect': async ({ req, res }) => {
      const session = await mount.load(req)
      session.set('user', 'ada')
      res.writeHead(303, { location: '/all' }).end()
    },
    'GET /headers': async (exchange) => {
      const { res, query } = exchange
      await setKey(exchange)
      for (const [name, value] of requestedHeaders(query)) res.appendHeader(name, value)
      json(res, { ok: true })
    },
    'GET /stream': async ({ req, res }) => {
      const session = await mount.load(req)
      session.set('streamed', true)
      res.setHeader('content-type', 'text/plain')
      await sendChunks(res, (chunk) => `${chunk}\n`)
    },
    'GET /sse': async ({ req, res }) => {
      const session = await mount.load(req)
      session.set('streamed', true)
      res.writeHead(200, { 'content-type': 'text/event-stream' })
      await sendChunks(res, (chunk) => `data: ${chunk}\n\n`)
    },
    'GET /large': async ({ req, res, query }) => {
      const session = await mount.load(req)
      const bytes = Number(query.get('bytes') ?? 0)
      session.set('large', 'x'.repeat(bytes))
      json(res, { bytes })
    },
    'POST /test-cookie/set': async ({ req, res }) => {
      const session = await mount.load(req)
      session.setTestCookie()
      json(res, { worked: session.testCookieWorked() })
    },
    'GET /test-cookie/worked': async ({ req, res }) => {
      const session = await mount.load(req)
      json(res, { worked: session.testCookieWorked() })
    },
    'POST /test-cookie/delete': async ({ req, res }) => {
      const session = await mount.load(req)
      session.deleteTestCookie()
      json(res, { worked: session.testCookieWorked() })
    },
  }

  async function sendChunks(res: ServerResponse, format: (chunk: string) => string): Promise<void> {
    for (const chunk of referenceChunks) {
      // Until the session is stored, the first chunk is held back, and so are the others.
      if (!res.write(format(chunk))) await Promise.race([once(res, 'drain'), once(res, 'close')])
      await pause(chunkPause)
    }
    res.end()
  }

  async function route(req: SessionRequest, res: ServerResponse): Promise<void> {
    const { pathname: path, searchParams: query } = new URL(req.url ?? '/', 'http://localhost')
    const method = req.method === 'HEAD' ? 'GET' : req.method
    const handler =
      routes[`${method} ${path}`] ?? routes[`${method} /${path.split('/')[1]}`] ?? notFound
    await handler({ req, res, path, query })
  }

  async function answer(req: SessionRequest, res: ServerResponse): Promise<void> {
    try {
      await route(req, res)
    } catch (error) {
      answerError(res, error)
    }
  }

  return (req, res) => {
    mount(req, res, (error) => {
      if (error === undefined) void answer(req as SessionRequest, res)
      else answerError(res, error)
    })
  }
}

/** Starts it as a server of `node:http`. */
export function serveReferenceApp(options: ReferenceAppOptions): Promise<ReferenceServer> {
  const app = createReferenceApp(referenceApp(options))
  return listen(createServer(referenceServerOptions, app), options.port)
}

const throwing = (): never => {
  throw new Error('thrown by the reference app')
}

const notFound: Handler = ({ res }) => json(res, { error: 'NOT_FOUND' }, 404)

function json(res: ServerResponse, body: unknown, status = 200): void {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
