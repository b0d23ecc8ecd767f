import type { DefaultData, Session, UnloadedSession } from '@sessions/core'
import type { Context, MiddlewareHandler } from 'hono'

/**
 * The environment type of an application whose routes are not chained: `new Hono<SessionEnv<MyData>>()`. With
 * `{ eager: true }`, it is `SessionEnv<MyData, Session<MyData>>`.
 */
export interface SessionEnv<
  D extends object = DefaultData,
  S extends UnloadedSession<D> = UnloadedSession<D>,
> {
  Variables: {
    /** The session of the request. */
    session: S
  }
}

/** What `sessions(…)` returns: a middleware, and typed access to the session of any request. */
export interface SessionsMiddleware<
  D extends object,
  S extends UnloadedSession<D>,
> extends MiddlewareHandler<SessionEnv<D, S>> {
  /**
   * The loaded session of a request. The manager gives it its type, whatever the type of the context: use it in handlers in
   * other files, in helpers and in other middleware.
   *
   * @throws {SessionEngineError} when the store fails.
   * @throws {InvalidSettingError} when this middleware does not run on the route.
   */
  load(c: Context): Promise<Session<D>>
}
