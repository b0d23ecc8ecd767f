import type { Session, UnloadedSession } from '@sessions/core'
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
} from '../src/reference-app.ts'

/** The response of a handler, before any of it is sent. */
export interface Reply {
  status: number
  headers: [name: string, value: string][]
  body: string | AsyncIterable<string> | undefined
}

/** The parts of a request that handlers use. */
export interface Asked {
  readonly route: string
  readonly path: string
  readonly query: URLSearchParams
  readonly session: UnloadedSession
}

type Handler = (session: Session, asked: Asked) => unknown

/** The reference app without a framework: its handlers return the reply to send. */
export function referenceReplies({
  pause,
}: Pick<ReferenceApp, 'pause'>): (asked: Asked) => Promise<Reply> {
  /** Routes that load the session first and answer JSON. */
  const loading: Readonly<Record<string, Handler>> = {
    'GET /read': (session) => ({ views: session.get('views') ?? null }),
    'GET /count': (session) => {
      session.set('views', session.get('views', 0) + 1)
      return { views: session.get('views') }
    },
    'POST /increment': async (session, { query }) => {
      await pause(query.get('wait'))
      session.modify(query.get('key') ?? 'n', (value: number = 0) => value + 1)
      return { ok: true }
    },
    'POST /set': async (session, { query }) => {
      await pause(query.get('wait'))
      session.set(query.get('key') ?? 'k', query.get('value') ?? '')
      return { ok: true }
    },
    'POST /delete': (session, { query }) => ({ deleted: session.delete(query.get('key') ?? 'k') }),
    'POST /nested': (session, { query }) => ({
      cart: pushToCart(session, query.get('item') ?? 'item'),
    }),
    'GET /all': (session) => everything(session),
    'POST /clear': (session) => {
      session.clear()
      return { ok: true }
    },
    'POST /cycle': (session) => {
      session.cycleKey()
      return { ok: true }
    },
    'POST /expiry': (session, { query }) => {
      session.setExpiry(parseExpiry(query.get('value') ?? 'default'))
      return describeExpiry(session)
    },
    'GET /cycle-throw': (session) => {
      session.cycleKey()
      throw new Error('thrown by the reference app')
    },
    'GET /large': (session, { query }) => {
      const bytes = Number(query.get('bytes') ?? 0)
      session.set('large', 'x'.repeat(bytes))
      return { bytes }
    },
    'POST /test-cookie/set': (session) => {
      session.setTestCookie()
      return { worked: session.testCookieWorked() }
    },
    'GET /test-cookie/worked': (session) => ({ worked: session.testCookieWorked() }),
    'POST /test-cookie/delete': (session) => {
      session.deleteTestCookie()
      return { worked: session.testCookieWorked() }
    },
  }

  /** Routes that answer something other than JSON, or load the session only if they need it. */
  const others: Readonly<Record<string, (asked: Asked) => Reply | Promise<Reply>>> = {
    'GET /untouched': () => json({ ok: true }),
    'POST /flush': async (asked) => {
      asked.session.flush()
      await setKey(asked)
      return json({ ok: true }, Number(asked.query.get('status') ?? 200))
    },
    'GET /status': async (asked) => {
      await setKey(asked)
      const status = Number(asked.path.split('/')[2])
      return { status, headers: [], body: mayHaveBody(status) ? `status ${status}` : undefined }
    },
    'GET /throw': async (asked) => {
      await setKey(asked)
      throw new Error('thrown by the reference app')
    },
    'GET /redirect': async ({ session }) => {
      ;(await session.load()).set('user', 'ada')
      return { status: 303, headers: [['location', '/all']], body: undefined }
    },
    'GET /headers': async (asked) => {
      await setKey(asked)
      const { status, headers, body } = json({ ok: true })
      return { status, headers: [...headers, ...requestedHeaders(asked.query)], body }
    },
    'GET /stream': (asked) => stream(asked, 'text/plain', (chunk) => `${chunk}\n`),
    'GET /sse': (asked) => stream(asked, 'text/event-stream', (chunk) => `data: ${chunk}\n\n`),
  }

  async function stream(
    { session }: Asked,
    type: string,
    format: (chunk: string) => string,
  ): Promise<Reply> {
    ;(await session.load()).set('streamed', true)
    return { status: 200, headers: [['content-type', type]], body: chunks(format) }
  }

  async function* chunks(format: (chunk: string) => string): AsyncGenerator<string> {
    for (const chunk of referenceChunks) {
      yield format(chunk)
      await pause(chunkPause)
    }
  }

  return async (asked) => {
    const { route, session } = asked
    const handler = loading[route]
    if (handler) return json(await handler(await session.load(), asked))
    return (await others[route]?.(asked)) ?? json({ error: 'NOT_FOUND' }, 404)
  }
}

/** A reply with a JSON body. */
export function json(body: unknown, status = 200): Reply {
  const headers: Reply['headers'] = [['content-type', 'application/json']]
  return { status, headers, body: JSON.stringify(body) }
}

async function setKey({ session, query }: Asked): Promise<void> {
  const key = query.get('key')
  if (key !== null) (await session.load()).set(key, true)
}
