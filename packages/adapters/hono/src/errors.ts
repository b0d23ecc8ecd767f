import { isSessionError, SessionError } from '@sessions/core'

/**
 * Makes Hono answer core's errors with their status. Hono's default error handler calls an error's `getResponse()`, and sees
 * what a handler throws before any middleware does; so all of core's errors get that method. An `app.onError` receives the
 * same errors and may answer them in its own way.
 */
export function answerErrors(): void {
  if (!('getResponse' in SessionError.prototype)) define(SessionError.prototype)
}

/** Does the same for an error that another copy of core threw. */
export function answerable(error: unknown): unknown {
  if (isSessionError(error) && !('getResponse' in error)) define(error)
  return error
}

function define(target: SessionError): void {
  Object.defineProperty(target, 'getResponse', { value: getResponse, configurable: true })
}

function getResponse(this: SessionError): Response {
  const { code, status = 500 } = this
  // Hono's default error handler does not log errors that have a `getResponse()`; a failing server must not be silent.
  // oxlint-disable-next-line no-console
  if (status >= 500) console.error(this)
  return Response.json({ error: code }, { status })
}
