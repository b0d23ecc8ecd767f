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
export function Session(options?: SessionParameter): ParameterDecorator {
  const decorate = decorator(options)
  return (target, method, index) => {
    decorate(target, method, index)
    hideType(target, method, index)
  }
}

const decorator = createParamDecorator(injectSession)

/** A loaded session: the type of a `@Session()` parameter. */
export type Session<D extends object = DefaultData> = CoreSession<D>

/** Finds the value of a `@Session()` parameter. Nest records this function with the parameters of a handler. */
export function injectSession(
  options: SessionParameter | undefined,
  context: ExecutionContext,
): unknown {
  return options?.load === false ? sessionOf(context) : loadSession(context)
}

/**
 * In the metadata that compilers emit, the type of a `session: Session` parameter is this decorator. A `ValidationPipe` with
 * `validateCustomDecorators` would take that for a class, and fail to make an instance of it; it passes objects as they are.
 */
function hideType(target: object, method: string | symbol | undefined, index: number): void {
  if (method === undefined) return
  const types: unknown = Reflect.getOwnMetadata('design:paramtypes', target, method)
  if (Array.isArray(types) && types[index] === Session) types[index] = Object
}
