import {
  checkOptions,
  InvalidSettingError,
  isSessionError,
  managerOf,
  type DefaultData,
  type Session,
  type SessionsOf,
  type UnloadedSession,
} from '@sessions/core'
import type { Carrier } from '@sessions/node/adapter'
import type { BaseContext, Context, Next } from 'koa'
import { commitBeforeBody } from './body.ts'
import { carrierOf, carry, enclosingCarrier, isAnswered } from './context.ts'
import { makeAnswerable, statusOf } from './errors.ts'
import type { SessionsMiddleware } from './middleware.ts'
import type { SessionsOptions } from './options.ts'
import { dropResponse } from './response.ts'

/**
 * Gives each request a session, `ctx.session`, and stores it when the handler is done, before the first byte of the
 * response. Mount it before everything that uses it. If the same manager or settings object is mounted again, the first mount
 * counts; another manager, whose cookie has another name, keeps a second session.
 *
 * @param source Settings, or a manager from `createSessions`.
 * @throws {InvalidSettingError} when a setting or an option is invalid.
 *
 * @example
 * const app = new Koa()
 * app.use(sessions({ engine: memoryEngine() }))
 * app.use(async (ctx) => {
 *   const session = await ctx.session.load()
 *   session.set('views', session.get('views', 0) + 1)
 *   ctx.body = `${session.get('views')} views`
 * })
 */
export function sessions<D extends object = DefaultData>(
  source: SessionsOf<D>,
  options: SessionsOptions & { readonly eager: true },
): SessionsMiddleware<D, Session<D>>
export function sessions<D extends object = DefaultData>(
  source: SessionsOf<D>,
  options?: SessionsOptions,
): SessionsMiddleware<D, UnloadedSession<D>>
export function sessions<D extends object = DefaultData>(
  source: SessionsOf<D>,
  options: SessionsOptions = {},
): SessionsMiddleware<D, Session<D>> | SessionsMiddleware<D, UnloadedSession<D>> {
  const manager = managerOf(source)
  checkOptions('sessions', options, { eager: 'boolean' })
  const { eager = false } = options

  return Object.assign(
    async function sessions(ctx: Context, next: Next): Promise<void> {
      const outer = enclosingCarrier(ctx, manager)
      if (outer !== undefined) {
        if (eager) await outer.open().load()
        return next()
      }
      const carrier = carry(ctx, manager)
      try {
        if (eager) await carrier.open().load()
        await next()
        if (!isAnswered(ctx)) return
      } catch (error) {
        if (isAnswered(ctx)) await commitError(ctx, carrier, error)
        makeAnswerable(ctx, error)
        throw error
      }
      try {
        const committing = carrier.commit(ctx.status)
        if (committing !== undefined) await commitBeforeBody(ctx, committing)
      } catch (error) {
        dropResponse(ctx, statusOf(ctx, error))
        makeAnswerable(ctx, error)
        throw error
      }
    },
    {
      load(ctx: BaseContext): Promise<Session<D>> {
        const carrier = carrierOf(ctx, manager)
        if (carrier !== undefined) return carrier.open().load()
        return Promise.reject(
          new InvalidSettingError(
            'load',
            'was called on a route where its middleware does not run. Call `app.use(mount)` before the handler.',
          ),
        )
      },
    },
  )
}

/** Commits the session of a request that failed, by the status with which Koa would answer its error. */
async function commitError<D extends object>(
  ctx: Context,
  carrier: Carrier<D>,
  error: unknown,
): Promise<void> {
  try {
    // A session error means that something was not stored: there is no second try.
    const committing = carrier.commit(isSessionError(error) ? 500 : statusOf(ctx, error))
    if (committing !== undefined) await commitBeforeBody(ctx, committing)
  } catch {
    // The application's own error takes precedence; the manager has reported this one.
  }
}
