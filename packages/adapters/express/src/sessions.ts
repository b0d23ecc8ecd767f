import { checkOptions, type DefaultData, type SessionsOf } from '@sessions/core'
import { sessions as nodeSessions, type SessionsMiddleware } from '@sessions/node'
import { isSecure } from '@sessions/node/adapter'

/** How sessions are mounted. */
export interface SessionsOptions {
  /**
   * Whether to load the session before the next handler runs, for every request with a well-formed cookie. This alone sets
   * no header, but costs each of these requests a call to the store.
   *
   * @default false
   */
  readonly eager?: boolean | undefined
}

/**
 * Gives each request a session, `req.session`, and stores it before the first byte of the response. If that fails, Express's
 * error handling gets the error. Mount it before everything that uses it. If the same manager or settings object is mounted
 * again, the first mount counts; another manager, whose cookie has another name, keeps a second session.
 *
 * `req.secure` tells whether a request came over https, so Express's setting `trust proxy` applies.
 *
 * @throws {InvalidSettingError} when a setting or an option is invalid.
 *
 * @example
 * app.use(sessions({ engine: memoryEngine() }))
 *
 * app.get('/', async (req, res) => {
 *   const session = await req.session.load()
 *   session.set('views', session.get('views', 0) + 1)
 *   res.json({ views: session.get('views') })
 * })
 */
export function sessions<D extends object = DefaultData>(
  source: SessionsOf<D>,
  options: SessionsOptions = {},
): SessionsMiddleware<D> {
  checkOptions('sessions', options, { eager: 'boolean' })
  return nodeSessions(source, { eager: options.eager, https: isSecure })
}
