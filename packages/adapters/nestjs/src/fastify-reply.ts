import { survivesError } from '@sessions/core'
import type { ServerResponse } from 'node:http'

/** What is used of a reply of Fastify. */
export interface FastifyReply {
  readonly raw: ServerResponse
  readonly statusCode: number
  getHeaders(): Readonly<Record<string, unknown>>
  header(name: string, value: unknown): unknown
  removeHeader(name: string): unknown
}

/**
 * Freezes a reply until its commit is done. Without sessions it would have left by now, so whatever is done to it from here
 * on comes too late: a second reply, or what Nest's `@Sse()` does to the response itself after it has replied with an exception.
 *
 * @returns what lets it go on.
 */
export function holdReply(reply: FastifyReply): () => void {
  const { raw, statusCode } = reply
  const headers = headersOf(reply)
  const open = closeResponse(raw)
  return () => {
    open()
    raw.statusCode = statusCode
    restoreHeaders(reply, headers)
  }
}

/** Discards what is sent past the reply, unless that has begun before the reply. */
function closeResponse(res: ServerResponse): () => void {
  if (res.headersSent) return () => {}
  const { writeHead, write, end, flushHeaders } = res
  res.writeHead = () => res
  res.write = () => true
  res.end = () => res
  res.flushHeaders = () => {}
  return () => void Object.assign(res, { writeHead, write, end, flushHeaders })
}

type Headers = Readonly<Record<string, unknown>>

/** The headers of a reply as they are: Fastify adds to its list of cookies in place. */
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

/** Takes the handler's reply back: the error's answer takes its place. */
export function dropReply(reply: FastifyReply, payload: unknown): void {
  for (const name of Object.keys(reply.getHeaders())) {
    if (!survivesError(name)) reply.removeHeader(name)
  }
  destroyPayload(payload)
}

/** What is used of a payload that is a stream. */
interface StreamLike {
  destroy?(): void
  on?(event: 'error', listener: (error: unknown) => void): void
}

/** Ends a stream that is not sent: nobody else would. */
export function destroyPayload(payload: unknown): void {
  const stream = payload as StreamLike | null | undefined
  if (typeof stream?.destroy !== 'function') return
  stream.on?.('error', () => {})
  stream.destroy()
}

/**
 * Listens to a stream that may fail before it is sent. Fastify listens only when it sends, and an error that nobody listens
 * for would end the process.
 *
 * @returns what holds the error as soon as there is one.
 */
export function heedPayload(payload: unknown): { readonly error?: unknown } {
  const failure: { error?: unknown } = {}
  const stream = payload as StreamLike | null | undefined
  stream?.on?.('error', (error) => (failure.error = error))
  return failure
}
