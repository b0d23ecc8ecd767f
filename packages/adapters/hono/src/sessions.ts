import {
  checkOptions,
  InvalidSettingError,
  isPromise,
  NO_RESPONSE,
  NOTHING,
  type DefaultData,
  type Session,
  type Sessions,
  type SessionsOf,
  type UnloadedSession,
} from '@sessions/core'
import type { Context, Next } from 'hono'
import { answerable, answerErrors } from './errors.ts'
import { managerPerContext } from './manager.ts'
import type { SessionsMiddleware } from './middleware.ts'
import { mountedSession, openSession } from './mounted.ts'
import { HonoResponse } from './hono-response.ts'
import type { SessionsOptions } from './options.ts'
import { isSentByHandler } from './response.ts'

/**
 * Gives each request a session, `c.var.session`, and stores it when the handler is done, before the first byte of the
 * response. Mount it before everything that uses it. If the same manager or settings object is mounted again, the first mount
 * counts; another manager, whose cookie has another name, keeps a second session.
 *
 * @param source Settings, a manager, or a function of the context that returns one of them, for bindings that exist only per
 *   request. If the function reads `c.env` and nothing else, it is called once for each `c.env`, otherwise for each request.
 * @throws {InvalidSettingError} when an option or a setting is invalid. For a setting that a function returns, that is at
 *   the first request.
 *
 * @example
 * const app = new Hono()
 *   .use(sessions({ engine: memoryEngine() }))
 *   .get('/', async (c) => {
 *     const session = await c.var.session.load()
 *     session.set('views', session.get('views', 0) + 1)
 *     return c.text(`${session.get('views')} views`)
 *   })
 */
export function sessions<D extends object = DefaultData>(
  source: SessionsOf<D> | ((c: Context) => SessionsOf<D>),
  options: SessionsOptions & { readonly eager: true },
): SessionsMiddleware<D, Session<D>>
export function sessions<D extends object = DefaultData>(
  source: SessionsOf<D> | ((c: Context) => SessionsOf<D>),
  options?: SessionsOptions,
): SessionsMiddleware<D, UnloadedSession<D>>
export function sessions<D extends object = DefaultData>(
  source: SessionsOf<D> | ((c: Context) => SessionsOf<D>),
  options: SessionsOptions = {},
): SessionsMiddleware<D, Session<D>> | SessionsMiddleware<D, UnloadedSession<D>> {
  const managerFor = managerPerContext(source)
  checkOptions('sessions', options, { eager: 'boolean', https: 'function' })
  const { eager = false, https } = options
  answerErrors()

  return Object.assign(
    async function sessions(c: Context, next: Next): Promise<void> {
      const manager = managerFor(c)
      const mounted = mountedSession(c, manager)
      const session = mounted ?? openSession(c, manager)
      c.set('session', session)
      if (eager) await loaded(session)
      if (mounted !== undefined) return next()
      try {
        await next()
      } catch (error) {
        // An outer error handler makes the response, which is an error.
        await commitWithoutResponse(manager, session)
        throw error
      }
      if (c.finalized && isUpgraded(c, manager, session))
        return commitWithoutResponse(manager, session)
      const response = new HonoResponse(c, https)
      const committing =
        c.finalized && manager.mayHaveChanged(session) && isSentByHandler(c.res)
          ? commitLate(manager, session, response)
          : commit(manager, session, response)
      if (committing !== undefined) await committing
    },
    {
      // Not `async`, which would wrap the session's own promise in another.
      load(c: Context): Promise<Session<D>> {
        const session = mountedSession(c, managerFor(c))
        if (session !== undefined) return loaded(session)
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

/**
 * Whether the request has become a WebSocket. On Deno and workerd, its response then has status 101. On Bun and with
 * `@hono/node-ws`, it is an empty response with status 200, which is never sent.
 */
function isUpgraded<D extends object>(
  { req, res }: Context,
  manager: Sessions<D>,
  session: UnloadedSession<D>,
): boolean {
  if (res.status !== 200) return res.status === 101
  return (
    manager.mayHaveChanged(session) &&
    req.header('upgrade')?.toLowerCase() === 'websocket' &&
    res.body === null
  )
}

/** Loads a session, and fails with errors that Hono can answer. */
async function loaded<D extends object>(session: UnloadedSession<D>): Promise<Session<D>> {
  try {
    return await session.load()
  } catch (error) {
    throw answerable(error)
  }
}

/**
 * Commits the session with the response that Hono is about to send. If that fails, the response becomes an error. Not
 * `async`: most requests store nothing.
 */
function commit<D extends object>(
  manager: Sessions<D>,
  session: UnloadedSession<D>,
  response: HonoResponse,
): Promise<void> | undefined {
  const gone = manager.mayHaveChanged(session) && response.isClientGone()
  return typeof gone === 'boolean'
    ? commitNow(manager, session, response, gone)
    : gone.then((isGone) => commitNow(manager, session, response, isGone))
}

function commitNow<D extends object>(
  manager: Sessions<D>,
  session: UnloadedSession<D>,
  response: HonoResponse,
  gone: boolean,
): Promise<void> | undefined {
  try {
    const committed = manager.commit(session, gone ? NO_RESPONSE : response)
    if (isPromise(committed)) {
      return committed.then(
        (late) => response.emit(late),
        (error: unknown) => response.fail(error, manager.owed(session, response)),
      )
    }
    response.emit(committed)
  } catch (error) {
    response.fail(error, manager.owed(session, response))
  }
  return undefined
}

/** Stores a session after the headers have gone. Fails if its client would need a cookie. */
async function commitLate<D extends object>(
  manager: Sessions<D>,
  session: UnloadedSession<D>,
  response: HonoResponse,
): Promise<void> {
  try {
    await manager.commit(session, NO_RESPONSE)
    await manager.commit(session, response)
  } catch (error) {
    response.fail(error, NOTHING)
  }
}

/** Carries out a logout, and stores nothing else: the response is made elsewhere. */
async function commitWithoutResponse<D extends object>(
  manager: Sessions<D>,
  session: UnloadedSession<D>,
): Promise<void> {
  try {
    await manager.commit(session, NO_RESPONSE)
  } catch {
    // The application's own error takes precedence; the manager has reported this one.
  }
}
