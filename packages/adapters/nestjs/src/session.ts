import { createParamDecorator, type ExecutionContext } from '@nestjs/common'
import type { DefaultData, Session as CoreSession } from '@sessions/core'
import { loadSession, sessionOf } from './load-session.ts'

/** How `@Session()` injects the session. */
export interface SessionParameter {
  /**
   * Whether to load the session before the handler is called. If not, the handler gets an `UnloadedSession`: enough for a
   * logout, which needs no read.
   *
   * @default true
   */
  readonly load?: boolean | undefined
}

/**
 * Injects the loaded session of the request into a handler. Nest's own decorator of the same name injects the session
 * unloaded, so import this one.
 *
 * @example
 * count(@Session() session: Session<MyData>) {
 *   session.set('views', session.get('views', 0) + 1)
 * }
 */
export const Session: (options?: SessionParameter) => ParameterDecorator =
  createParamDecorator(injectSession)

/** A loaded session: the type of a `@Session()` parameter. */
export type Session<D extends object = DefaultData> = CoreSession<D>

/** Finds the value of a `@Session()` parameter. Nest records this function with the parameters of a handler. */
export function injectSession(
  options: SessionParameter | undefined,
  context: ExecutionContext,
): unknown {
  return options?.load === false ? sessionOf(context) : loadSession(context)
}
