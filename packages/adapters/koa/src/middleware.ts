import type { DefaultData, Session, UnloadedSession } from '@sessions/core'
import type { BaseContext, Context, DefaultState, Next, ParameterizedContext } from 'koa'

/**
 * The context type of an application whose middleware is not chained: `new Koa<DefaultState, SessionContext<MyData>>()`.
 * With `{ eager: true }`, it is `SessionContext<MyData, Session<MyData>>`.
 */
export interface SessionContext<
  D extends object = DefaultData,
  S extends UnloadedSession<D> = UnloadedSession<D>,
> {
  /** The session of the request. */
  readonly session: S
}

/** What `sessions(…)` returns: a middleware, and typed access to the session of any request. */
export interface SessionsMiddleware<D extends object, S extends UnloadedSession<D>> {
  /** For calls from an application's own middleware, whose context has no session yet. */
  (ctx: Context, next: Next): Promise<void>
  /** For `app.use()`, from which Koa infers the type of the context. */
  (ctx: ParameterizedContext<DefaultState, SessionContext<D, S>>, next: Next): Promise<void>

  /**
   * The loaded session of a request. The manager gives it its type, whatever the type of the context: use it in handlers in
   * other files, in helpers and in other middleware.
   *
   * @throws {SessionEngineError} when the store fails.
   * @throws {InvalidSettingError} when this middleware does not run on the route.
   */
  load(ctx: BaseContext): Promise<Session<D>>
}
