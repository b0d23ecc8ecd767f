import { createParamDecorator, type ExecutionContext } from '@nestjs/common'
import type { DefaultData, Session as CoreSession } from '@sessions/core'
import { loadSession, sessionOf } from './load-session.ts'

/** What a handler is given. */
export interface SessionParameter {
  /**
   * Whether the session is loaded before the handler is called. If not, it is an `UnloadedSession`: enough for a
   * logout, which needs no read.
   *
   * @default true
   */
  readonly load?: boolean | undefined
}

/**
 * Gives a handler the session of its request, loaded. The name is that of Nest's own decorator, which hands over the
 * session unloaded, so import it from here.
 *
 * @example
 * count(@Session() session: Session<MyData>) {
 *   session.set('views', session.get('views', 0) + 1)
 * }
 */
export const Session: (options?: SessionParameter) => ParameterDecorator = createParamDecorator(
  (options: SessionParameter | undefined, context: ExecutionContext) =>
    options?.load === false ? sessionOf(context) : loadSession(context),
)

/** A loaded session: the type of what `@Session()` gives. */
export type Session<D extends object = DefaultData> = CoreSession<D>
