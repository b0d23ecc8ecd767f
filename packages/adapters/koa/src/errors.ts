import { isSessionError, survivesError, type SessionError } from '@sessions/core'
import { STATUS_CODES, type OutgoingHttpHeaders, type ServerResponse } from 'node:http'
import type { BaseContext, Context } from 'koa'

/** Whether a context is one of Koa 3, which added a method. */
export function isKoa3(ctx: BaseContext): boolean {
  return 'back' in ctx
}

/** The status that Koa is going to answer an error with. */
export function statusOf(ctx: BaseContext, error: unknown): number {
  if (!(error instanceof Error) && Object.prototype.toString.call(error) !== '[object Error]') {
    return 500
  }
  const { status, statusCode, code } = error as {
    status?: unknown
    statusCode?: unknown
    code?: unknown
  }
  // Koa 2 says so; Koa 3 does not any more.
  if (code === 'ENOENT' && !isKoa3(ctx)) return 404
  const given = status || statusCode
  return typeof given === 'number' && given in STATUS_CODES ? given : 500
}

/**
 * Makes Koa answer an error of the core as `{ "error": code }`, with its status. Everything else stays with Koa, which
 * hands errors to the application first: to the middleware further out, then to `app.on('error')`. If the application
 * has an `app.context.onerror` of its own, that one answers.
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

/** Koa has removed every header, and set those of the error. */
function restoreSurvivors(res: ServerResponse, before: OutgoingHttpHeaders): void {
  for (const [name, value] of Object.entries(before)) {
    if (value !== undefined && survivesError(name) && !res.hasHeader(name))
      res.setHeader(name, value)
  }
}

/** As every error of Koa's `http-errors` says: what is the client's to mend is not the server's to log. */
function exposeClientErrors(error: SessionError & { expose?: boolean }): void {
  error.expose ??= error.status !== undefined && error.status < 500
}
