import type { DefaultData, Session, UnloadedSession } from '@sessions/core'
import type { Context, MiddlewareHandler } from 'hono'

/**
 * What an application whose routes are not chained says of its sessions: `new Hono<SessionEnv<MyData>>()`. Mounted eager:
 * `SessionEnv<MyData, Session<MyData>>`.
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

/** What `sessions(…)` returns: a middleware, and a way to the session that needs no types of the application. */
export interface SessionsMiddleware<
  D extends object,
  S extends UnloadedSession<D>,
> extends MiddlewareHandler<SessionEnv<D, S>> {
  /**
   * The loaded session of a request, typed by the manager wherever the context comes from: in handlers of files of their
   * own, in helpers, in other middleware.
   *
   * @throws {SessionEngineError} when the store fails.
   * @throws {InvalidSettingError} when this middleware does not run on the route.
   */
  load(c: Context): Promise<Session<D>>
}
