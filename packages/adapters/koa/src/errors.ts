import { isSessionError, survivesError, type SessionError } from '@sessions/core'
import { STATUS_CODES, type OutgoingHttpHeaders, type ServerResponse } from 'node:http'
import type { BaseContext, Context } from 'koa'

/** Whether a context belongs to Koa 3, which added the method `back`. */
export function isKoa3(ctx: BaseContext): boolean {
  return 'back' in ctx
}

/** The status with which Koa is going to answer an error. */
export function statusOf(ctx: BaseContext, error: unknown): number {
  if (!(error instanceof Error) && Object.prototype.toString.call(error) !== '[object Error]') {
    return 500
  }
  const { status, statusCode, code } = error as {
    status?: unknown
    statusCode?: unknown
    code?: unknown
  }
  // A rule of Koa 2 that Koa 3 has dropped.
  if (code === 'ENOENT' && !isKoa3(ctx)) return 404
  const given = status || statusCode
  return typeof given === 'number' && given in STATUS_CODES ? given : 500
}

/**
 * Makes Koa answer one of core's errors as `{ "error": code }`, with its status. Everything else is left to Koa, which hands
 * errors to the application first: to outer middleware, then to `app.on('error')`. If the application has set its own
 * `app.context.onerror`, that answers instead.
 */
export function makeAnswerable(ctx: Context, error: unknown): void {
  if (!isSessionError(error) || Object.hasOwn(ctx.app.context, 'onerror')) return
  exposeClientErrors(error)
  const { onerror } = ctx
  const answer = (thrown: Error): void => {
    if (thrown !== error) return onerror.call(ctx, thrown)
    const { end } = ctx.res
    const before = ctx.res.getHeaders()
    const body = JSON.stringify({ error: error.code })
    ctx.res.end = () => {
      restoreSurvivors(ctx.res, before)
      ctx.type = 'json'
      ctx.length = Buffer.byteLength(body)
      return end.call(ctx.res, body, 'utf8')
    }
    try {
      onerror.call(ctx, thrown)
    } finally {
      ctx.res.end = end
    }
  }
  Object.assign(ctx, { onerror: answer })
}

/** Puts back the headers that every error response keeps. Koa has removed all headers, and set those of the error. */
function restoreSurvivors(res: ServerResponse, before: OutgoingHttpHeaders): void {
  for (const [name, value] of Object.entries(before)) {
    if (value !== undefined && survivesError(name) && !res.hasHeader(name))
      res.setHeader(name, value)
  }
}

/** Sets `expose` as `http-errors` does: Koa does not log errors with it, which are the client's. */
function exposeClientErrors(
  error: Omit<SessionError, 'expose'> & { expose?: boolean | undefined },
): void {
  error.expose ??= error.status !== undefined && error.status < 500
}
