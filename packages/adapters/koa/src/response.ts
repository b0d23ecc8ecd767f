import { survivesError } from '@sessions/core'
import type { Context } from 'koa'

/**
 * Drops the handler's response, headers included, to make way for the error response. Headers of a CORS middleware stay:
 * without them, scripts of another origin could not read the error response.
 */
export function dropResponse(ctx: Context, status: number): void {
  if (ctx.headerSent) return
  for (const name of ctx.res.getHeaderNames()) {
    if (!survivesError(name)) ctx.remove(name)
  }
  cancel(ctx.body)
  ctx.body = undefined
  ctx.status = status
  // A handler with `ctx.respond = false` may still write, and cause errors, after the error response has ended.
  if (ctx.respond === false) ctx.res.on('error', () => {})
}

/** Tells the producer of a web stream that nobody reads it. Koa only destroys replaced bodies that are Node streams. */
function cancel(body: unknown): void {
  const stream = body instanceof Response ? body.body : body
  if (stream instanceof ReadableStream) stream.cancel().catch(() => {})
}
