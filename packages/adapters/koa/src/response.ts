import { survivesError } from '@sessions/core'
import type { Context } from 'koa'

/**
 * Takes the handler's response back, with its headers: the error's answer takes its place. What a CORS middleware set
 * stays, or scripts of another origin could not read that answer.
 */
export function dropResponse(ctx: Context, status: number): void {
  if (ctx.headerSent) return
  for (const name of ctx.res.getHeaderNames()) {
    if (!survivesError(name)) ctx.remove(name)
  }
  cancel(ctx.body)
  ctx.body = undefined
  ctx.status = status
  // A handler that answers by itself may not know yet that it no longer does.
  if (ctx.respond === false) ctx.res.on('error', () => {})
}

/** Tells whoever makes a body of the web that nobody reads it. Of the bodies that are replaced, Koa ends those of Node alone. */
function cancel(body: unknown): void {
  const stream = body instanceof Response ? body.body : body
  if (stream instanceof ReadableStream) stream.cancel().catch(() => {})
}
