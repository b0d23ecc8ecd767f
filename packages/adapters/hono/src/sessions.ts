import {
  InvalidSettingError,
  type Committed,
  type DefaultData,
  type MaybePromise,
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
import type { SessionsOptions } from './options.ts'
import { dropResponse, emit } from './response.ts'

/**
 * Gives each request a session: `c.var.session`. It is stored when the handler is done, before the first byte of the
 * response leaves. To be mounted once, before what uses it; where it is mounted again, the first one counts.
 *
 * @param source Settings, a manager, or a function of the context that returns one of them, for bindings that only a
 *   request knows. The function is called again only where what it reads of the context is another: see the README.
 * @throws {InvalidSettingError} when a setting is misused; with a function, at the first request.
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
  const { eager = false, https } = options
  const managerOf = managerFor(source)
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
        await settle(manager, session, { status: 500 })
        throw error
      }
      if (c.finalized && c.res.status === 101) return
      await commit(c, manager, session, https)
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

/** Loads a session; what goes wrong is an error that Hono can answer. */
async function loaded<D extends object>(session: UnloadedSession<D>): Promise<Session<D>> {
  try {
    return await session.load()
  } catch (error) {
    throw answerable(error)
  }
}

/** Commits the session with the response that Hono is about to send, and makes an error of it where that fails. */
async function commit<D extends object>(
  c: Context,
  manager: Sessions<D>,
  session: UnloadedSession<D>,
  https: SessionsOptions['https'],
): Promise<void> {
  let status = statusOf(c, session)
  if (typeof status !== 'number') status = await status
  const url = c.req.url
  const secure = https === undefined ? url.startsWith('https:') : https(c)
  let committed: MaybePromise<Committed>
  try {
    committed = manager.commit(session, { status, https: secure, host: hostOf(url) })
    if ('then' in committed) committed = await committed
  } catch (error) {
    // An error of the application is not masked: its answer stays, without a cookie of ours.
    if (c.error !== undefined && status >= 500) return
    dropResponse(c)
    throw answerable(error)
  }
  if (c.finalized) emit(c, committed)
}

/** The status that decides what is stored. Where nobody gets the response, nothing is but a logout. */
function statusOf<D extends object>(c: Context, session: UnloadedSession<D>): MaybePromise<number> {
  if (!c.finalized) return 500
  // Whether the client is there is only asked where a change hangs on it: on Node the signal is made by being asked for,
  // which costs more than reading a session from memory.
  const changed = session.loaded && (session as Session<D>).modified
  return changed ? statusIfHeard(c) : c.res.status
}

async function statusIfHeard(c: Context): Promise<number> {
  const { signal } = c.req.raw
  // Deno looks for the client once it is asked for the signal, and knows a moment later that it has hung up.
  if (!signal.aborted) await Promise.resolve()
  return signal.aborted ? 500 : c.res.status
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

/** `localhost:3000` of `http://localhost:3000/path`. The runtime made the URL of the Host header. */
function hostOf(url: string): string {
  const start = url.indexOf('//') + 2
  const end = url.indexOf('/', start)
  return url.slice(start, end === -1 ? url.length : end)
}
