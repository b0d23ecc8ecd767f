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

/** Calls a function once, at the last moment at which headers can be set, whoever sends them. */
export function beforeHeaders(res: NodeResponse, act: () => void): void {
  const { writeHead } = res
  let acted = false
  res.writeHead = function sessionsWriteHead(...given: unknown[]): NodeResponse {
    if (acted) return Reflect.apply(writeHead, res, given)
    acted = true
    const last = given.at(-1)
    const headers = typeof last === 'object' && last !== null && !Array.isArray(last) ? last : {}
    // Given to writeHead, they would replace those of the same name.
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined) res.setHeader(name, value)
    }
    act()
    return Reflect.apply(writeHead, res, headers === last ? given.slice(0, -1) : given)
  }
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
