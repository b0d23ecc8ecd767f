import {
  checkOptions,
  InvalidSettingError,
  type DefaultData,
  type Session,
  type Sessions,
  type SessionsOf,
  type UnloadedSession,
} from '@sessions/core'
import type { Context, Next } from 'hono'
import { answerable, answerErrors } from './errors.ts'
import { managerFor } from './manager.ts'
import type { SessionsMiddleware } from './middleware.ts'
import { mountedSession, openSession } from './mounted.ts'
import { HonoResponse } from './hono-response.ts'
import type { SessionsOptions } from './options.ts'

/**
 * Gives each request a session: `c.var.session`. It is stored when the handler is done, before the first byte of the
 * response leaves. To be mounted once, before what uses it; where it is mounted again, the first one counts.
 *
 * @param source Settings, a manager, or a function of the context that returns one of them, for bindings that only a
 *   request knows. The function is called again only where what it reads of the context is another: see the README.
 * @throws {InvalidSettingError} when an option or a setting is misused; a setting that a function returns, at the first
 *   request.
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
  const managerOf = managerFor(source)
  checkOptions('sessions', options, { eager: 'boolean', https: 'function' })
  const { eager = false, https } = options
  answerErrors()

  return Object.assign(
    async function sessions(c: Context, next: Next): Promise<void> {
      const manager = managerOf(c)
      const mounted = mountedSession(c, manager)
      const session = mounted ?? openSession(c, manager)
      c.set('session', session)
      if (eager) await loaded(session)
      if (mounted !== undefined) return next()
      try {
        await next()
      } catch (error) {
        // Nobody has made a response of this: the answer comes from outside, and is an error.
        await settle(manager, session, NOT_ANSWERED)
        throw error
      }
      if (c.finalized && c.res.status === 101) return settle(manager, session, NOT_ANSWERED)
      const committing = commit(manager, session, new HonoResponse(c, https))
      if (committing !== undefined) await committing
    },
    {
      load(c: Context): Promise<Session<D>> {
        const session = mountedSession(c, managerOf(c))
        if (session !== undefined) return loaded(session)
        throw new InvalidSettingError(
          'load',
          'needs the middleware it belongs to on this route: `app.use(mount)` before the handler.',
        )
      },
    },
  )
}

/** Nothing is stored but a logout, and no cookie sent: nothing that is stored later can send one either. */
const NOT_ANSWERED = { status: 500 }

/** Loads a session; what goes wrong is an error that Hono can answer. */
async function loaded<D extends object>(session: UnloadedSession<D>): Promise<Session<D>> {
  try {
    return await session.load()
  } catch (error) {
    throw answerable(error)
  }
}

/**
 * Commits the session with the response that Hono is about to send, and makes an error of it where that fails. Not `async`:
 * most requests store nothing.
 */
function commit<D extends object>(
  manager: Sessions<D>,
  session: UnloadedSession<D>,
  response: HonoResponse,
): Promise<void> | undefined {
  // Whether the client is there is only asked where a change hangs on it: the answer may be dear.
  const changed = session.loaded && (session as Session<D>).modified
  const hearing = changed ? response.hear() : undefined
  return hearing === undefined
    ? commitNow(manager, session, response)
    : hearing.then(() => commitNow(manager, session, response))
}

function commitNow<D extends object>(
  manager: Sessions<D>,
  session: UnloadedSession<D>,
  response: HonoResponse,
): Promise<void> | undefined {
  try {
    const committed = manager.commit(session, response)
    if ('then' in committed) {
      return committed.then(
        (late) => response.emit(late),
        (error: unknown) => response.fail(error),
      )
    }
    response.emit(committed)
  } catch (error) {
    response.fail(error)
  }
  return undefined
}

/** Commits a session whose response is made elsewhere. */
async function settle<D extends object>(
  manager: Sessions<D>,
  session: UnloadedSession<D>,
  response: { readonly status: number },
): Promise<void> {
  try {
    await manager.commit(session, response)
  } catch {
    // The application's own error is on its way; the manager has reported this one.
  }
}
