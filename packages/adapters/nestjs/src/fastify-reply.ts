import { survivesError } from '@sessions/core'
import type { ServerResponse } from 'node:http'

/** The members of a Fastify reply that are used here. */
export interface FastifyReply {
  readonly raw: ServerResponse
  readonly statusCode: number
  getHeaders(): Readonly<Record<string, unknown>>
  header(name: string, value: unknown): unknown
  removeHeader(name: string): unknown
}

/**
 * Holds a reply back until its commit is done. Without sessions it would have been sent by now, so whatever happens to it from
 * here on comes too late: a second reply, or what Nest's `@Sse()` writes to the raw response after it has replied with an
 * exception.
 *
 * @returns a function that releases the reply, in its former state.
 */
export function holdReply(reply: FastifyReply): () => void {
  const { raw, statusCode } = reply
  const headers = headersOf(reply)
  const releaseResponse = holdResponse(raw)
  return () => {
    releaseResponse()
    raw.statusCode = statusCode
    restoreHeaders(reply, headers)
  }
}

/** Discards what is written to the raw response, past the reply, unless its headers have already been sent. */
function holdResponse(res: ServerResponse): () => void {
  if (res.headersSent) return () => {}
  const { writeHead, write, end, flushHeaders } = res
  res.writeHead = () => res
  res.write = () => true
  res.end = () => res
  res.flushHeaders = () => {}
  return () => void Object.assign(res, { writeHead, write, end, flushHeaders })
}

type Headers = Readonly<Record<string, unknown>>

/** A copy of a reply's headers, and of their list of cookies, to which Fastify adds in place. */
function headersOf(reply: FastifyReply): Headers {
  const headers = reply.getHeaders()
  const cookies = headers['set-cookie']
  return Array.isArray(cookies) ? { ...headers, 'set-cookie': [...cookies] } : headers
}

function restoreHeaders(reply: FastifyReply, headers: Headers): void {
  const current = reply.getHeaders()
  for (const name of Object.keys({ ...current, ...headers })) {
    if (current[name] === headers[name]) continue
    reply.removeHeader(name)
    if (name in headers) reply.header(name, headers[name])
  }
}

/** Drops the handler's reply, headers included, to make way for the error response. */
export function dropReply(reply: FastifyReply, payload: unknown): void {
  for (const name of Object.keys(reply.getHeaders())) {
    if (!survivesError(name)) reply.removeHeader(name)
  }
  dropPendingCookies(reply)
  destroyPayload(payload)
}

/** Drops the cookies that `@fastify/cookie` would add in its own `onSend`, and so to the error response. */
function dropPendingCookies(reply: FastifyReply): void {
  for (const key of Object.getOwnPropertySymbols(reply)) {
    if (key.description !== 'fastify.reply.setCookies') continue
    const pending = (reply as unknown as Record<symbol, unknown>)[key]
    if (pending instanceof Map) pending.clear()
  }
}

/** The members of a stream payload that are used here. */
interface StreamLike {
  destroy?(): void
  on?(event: 'error', listener: (error: unknown) => void): void
}

/** Whether a payload is a `Response`. Node may run without that class, and tests may run with several. */
function isResponse(payload: unknown): payload is Response {
  return Object.prototype.toString.call(payload) === '[object Response]'
}

/** Destroys a stream payload that will not be sent, of Node or of the web: nothing else would. */
export function destroyPayload(payload: unknown): void {
  const web = (isResponse(payload) ? payload.body : payload) as
    | Partial<ReadableStream>
    | null
    | undefined
  if (typeof web?.getReader === 'function') web.cancel?.().catch(() => {})
  const stream = payload as StreamLike | null | undefined
  if (typeof stream?.destroy !== 'function') return
  stream.on?.('error', () => {})
  stream.destroy()
}

/**
 * Listens for errors of a stream payload before it is sent. Fastify listens only when it sends it, and an error without a
 * listener would crash the process.
 *
 * @returns an object that gets the `error` as soon as there is one.
 */
export function heedPayload(payload: unknown): { readonly error?: unknown } {
  const failure: { error?: unknown } = {}
  const stream = payload as StreamLike | null | undefined
  stream?.on?.('error', (error) => (failure.error = error))
  return failure
}
