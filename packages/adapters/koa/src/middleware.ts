import type { DefaultData, Session, UnloadedSession } from '@sessions/core'
import type { BaseContext, Context, DefaultState, Next, ParameterizedContext } from 'koa'

/**
 * What an application whose middleware is not chained says of its context: `new Koa<DefaultState, SessionContext<MyData>>()`.
 * Mounted eager: `SessionContext<MyData, Session<MyData>>`.
 */
export interface SessionContext<
  D extends object = DefaultData,
  S extends UnloadedSession<D> = UnloadedSession<D>,
> {
  /** The session of the request. */
  readonly session: S
}

/** What `sessions(…)` returns: a middleware, and a way to the session that needs no types of the application. */
export interface SessionsMiddleware<D extends object, S extends UnloadedSession<D>> {
  /** Called by an application's own middleware, whose context has no session yet. */
  (ctx: Context, next: Next): Promise<void>
  /** Mounted: what Koa infers the context from. */
  (ctx: ParameterizedContext<DefaultState, SessionContext<D, S>>, next: Next): Promise<void>

  /**
   * The loaded session of a request, typed by the manager wherever the context comes from: in handlers of files of their
   * own, in helpers, in other middleware.
   *
   * @throws {SessionEngineError} when the store fails.
   * @throws {InvalidSettingError} when this middleware does not run on the route.
   */
  load(ctx: BaseContext): Promise<Session<D>>
}
