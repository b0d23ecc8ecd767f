import { isSessionError, SessionError } from '@sessions/core'

/**
 * Makes Hono answer the errors of the core with their status. Its default error handler asks an error that has a
 * `getResponse()`; what a handler throws gets there before any middleware sees it, so all of them are given one. An
 * `app.onError` gets the same errors, and answers them as it likes.
 */
export function answerErrors(): void {
  if (!('getResponse' in SessionError.prototype)) define(SessionError.prototype)
}

/** The same for an error that another copy of the core threw. */
export function answerable(error: unknown): unknown {
  if (isSessionError(error) && !('getResponse' in error)) define(error)
  return error
}

function define(target: SessionError): void {
  Object.defineProperty(target, 'getResponse', { value: getResponse, configurable: true })
}

function getResponse(this: SessionError): Response {
  const { code, status = 500 } = this
  // Hono's default error handler logs what it answers by itself alone; a failing server must not be silent.
  // oxlint-disable-next-line no-console
  if (status >= 500) console.error(this)
  return Response.json({ error: code }, { status })
}
