import { applyCommitted, type Committed, type ResponseHeaders } from '@sessions/core'
import type { Context } from 'koa'

type NodeResponse = Context['res']

/** Puts what a commit asks for into the headers, if they are still here. */
export function emit(ctx: Context, committed: Committed): void {
  if (committed.vary === undefined && committed.setCookie.length === 0) return
  if (!ctx.headerSent) applyCommitted(committed, portTo(ctx.res))
}

/** Whether the client has hung up before it got an answer. */
export function isGone(ctx: Context): boolean {
  return !ctx.writable && !ctx.res.writableEnded
}

/**
 * Takes the handler's response back, with every header that was set until now: the error's answer takes its place. What
 * a CORS middleware said stays, or scripts of another origin could not see that answer.
 */
export function dropResponse(ctx: Context, status: number): void {
  if (ctx.headerSent) return
  for (const name of ctx.res.getHeaderNames()) {
    if (!name.startsWith('access-control-')) ctx.remove(name)
  }
  ctx.body = undefined
  ctx.status = status
  // A handler that answers by itself may not know yet that it no longer does.
  if (ctx.respond === false) ctx.res.on('error', () => {})
}

function portTo(res: NodeResponse): ResponseHeaders {
  return {
    get(name) {
      const value = res.getHeader(name) ?? []
      return Array.isArray(value) ? value : [String(value)]
    },
    set(name, values) {
      const [value = ''] = values
      res.setHeader(name, name === 'set-cookie' ? values : value)
    },
  }
}
