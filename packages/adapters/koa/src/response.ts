import { survivesError } from '@sessions/core'
import { closeUnread } from '@sessions/node/adapter'
import type { Context } from 'koa'

/**
 * Drops the handler's response, headers included, to make way for the error response. Headers of a CORS middleware stay:
 * without them, scripts of another origin could not read the error response.
 */
export function dropResponse(ctx: Context, status: number): void {
  cancel(ctx.body)
  if (ctx.headerSent) return
  for (const name of ctx.res.getHeaderNames()) {
    if (!survivesError(name)) ctx.remove(name)
  }
  ctx.body = undefined
  ctx.status = status
  if (ctx.respond !== false) return
  // The handler may still write, and cause errors, after the error response has ended.
  ctx.res.on('error', () => {})
  // What it pipes is then unpiped, but not closed: a file would stay open.
  ctx.res.on('unpipe', closeUnread)
}

/** Tells the producer of a web stream that nobody reads it. Koa only destroys replaced bodies that are Node streams. */
function cancel(body: unknown): void {
  const stream = body instanceof Response ? body.body : body
  if (stream instanceof ReadableStream) stream.cancel().catch(() => {})
}
