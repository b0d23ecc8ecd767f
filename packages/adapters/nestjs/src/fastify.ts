import {
  applyCommitted,
  type Committed,
  type ResponseHeaders,
  type Sessions,
  type UnloadedSession,
} from '@sessions/core'
import { sessions } from '@sessions/node'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** What is used of a Fastify instance. */
export interface FastifyLike {
  decorateRequest(name: string, descriptor: { getter(this: FastifyRequest): unknown }): unknown
  hasRequestDecorator(name: string): boolean
  addHook(name: 'onRequest', hook: OnRequest): unknown
  addHook(name: 'onSend', hook: OnSend): unknown
}

type Done = (error?: unknown) => void
type OnRequest = (request: FastifyRequest, reply: FastifyReply, done: Done) => void
type OnSend = (request: FastifyRequest, reply: FastifyReply, payload: unknown, done: Done) => void

interface FastifyRequest {
  readonly raw: RawRequest
  readonly protocol: string
  readonly host: string
  readonly session: UnloadedSession
}

interface FastifyReply {
  readonly raw: ServerResponse & { readonly stream?: { readonly destroyed: boolean } }
  readonly statusCode: number
  getHeader(name: string): string | number | readonly string[] | undefined
  getHeaders(): Readonly<Record<string, unknown>>
  header(name: string, value: string | readonly string[]): unknown
  removeHeader(name: string): unknown
}

/** The session of a request that somebody has looked at. */
interface Opened {
  readonly request: FastifyRequest
  readonly session: UnloadedSession
}

const OPENED: unique symbol = Symbol('@sessions/nestjs')

interface RawRequest extends IncomingMessage {
  readonly session?: UnloadedSession
  [OPENED]?: Opened
}

/**
 * Gives the requests of a Fastify instance their sessions, `request.session`, and commits them in its own `onSend`: an error
 * there is answered as any other. What goes past that, such as the events of Nest's `@Sse()` and replies that were hijacked,
 * is committed by `@sessions/node` at the first byte of the response itself.
 */
export function mountOnFastify(
  instance: FastifyLike,
  manager: Sessions,
  { eager = false }: { readonly eager?: boolean | undefined },
): void {
  /** What `onSend` has dealt with, in whatever way: it is not tried again at the first byte. */
  const settled: Settled = new WeakMap()
  const mount = sessions(withoutSettled(manager, settled), { https: isHttps })

  instance.decorateRequest('session', {
    getter() {
      return open(this).session
    },
  })
  instance.addHook('onRequest', (request, reply, done) => {
    mount(request.raw, reply.raw)
    if (eager) request.session.load().then(() => done(), done)
    else done()
  })
  instance.addHook('onSend', (request, reply, payload, done) => {
    const { session } = manager.commitsUntouched ? open(request) : (request.raw[OPENED] ?? NONE)
    const phase = session === undefined ? 'settled' : settled.get(session)
    if (session === undefined || phase === 'settled') return done()
    // Where a handler sends by itself and returns nothing, Fastify does not see that a reply is on its way, and sends
    // another one: that goes nowhere.
    if (phase === 'committing') return destroy(payload)
    settled.set(session, 'committing')
    return commit(manager, session, { request, reply, payload }).finally(() => {
      settled.set(session, 'settled')
    })
  })
}

/** What `onSend` has to do with sessions. */
type Settled = WeakMap<object, 'committing' | 'settled'>

const NONE = { session: undefined }

function open(request: FastifyRequest): Opened {
  const { raw } = request
  return (raw[OPENED] ??= { request, session: raw.session as UnloadedSession })
}

async function commit(
  manager: Sessions,
  session: UnloadedSession,
  { request, reply, payload }: { request: FastifyRequest; reply: FastifyReply; payload: unknown },
): Promise<void> {
  const { protocol, host } = request
  const status = isGone(reply) ? 500 : reply.statusCode
  try {
    const committed = await manager.commit(session, { status, https: protocol === 'https', host })
    applyCommitted(committed, portTo(reply))
  } catch (error) {
    dropReply(reply, payload)
    throw error
  }
}

/** A manager for `@sessions/node`, which knows nothing of Fastify's hooks. */
function withoutSettled(manager: Sessions, settled: Settled): Sessions {
  const forNode: Pick<Sessions, 'commit' | 'commitsUntouched' | 'openFromCookies'> = {
    commitsUntouched: manager.commitsUntouched,
    openFromCookies: (header) => manager.openFromCookies(header),
    commit: (session, response) =>
      settled.has(session) ? NOTHING_MORE : manager.commit(session, response),
  }
  return forNode as Sessions
}

const NOTHING_MORE: Committed = { setCookie: [], vary: undefined, cacheControl: undefined }

/** Fastify goes by its `trustProxy`. */
function isHttps(raw: RawRequest): boolean {
  const protocol = raw[OPENED]?.request.protocol
  if (protocol !== undefined) return protocol === 'https'
  return (raw.socket as { readonly encrypted?: boolean }).encrypted === true
}

/** Whether the client has hung up. */
function isGone({ raw }: FastifyReply): boolean {
  return raw.destroyed || raw.stream?.destroyed === true
}

/** What an error's answer keeps: what scripts of another origin need to read it, and what it depends on. */
const KEPT = /^(?:vary|access-control-.*)$/

/** Takes the handler's reply back: the error's answer takes its place. */
function dropReply(reply: FastifyReply, payload: unknown): void {
  for (const name of Object.keys(reply.getHeaders())) {
    if (!KEPT.test(name)) reply.removeHeader(name)
  }
  destroy(payload)
}

/** Ends a stream that is not sent: nobody else would. */
function destroy(payload: unknown): void {
  const stream = payload as
    | {
        destroy?(): void
        on?(event: 'error', listener: () => void): void
      }
    | null
    | undefined
  if (typeof stream?.destroy !== 'function') return
  stream.on?.('error', () => {})
  stream.destroy()
}

function portTo(reply: FastifyReply): ResponseHeaders {
  return {
    get(name) {
      const value = reply.getHeader(name) ?? []
      return typeof value === 'object' ? value : [String(value)]
    },
    set(name, values) {
      // Given a Set-Cookie, Fastify adds it to those that are there.
      reply.removeHeader(name)
      reply.header(name, name === 'set-cookie' ? values : (values[0] ?? ''))
    },
  }
}
