import { checkOptions, type DefaultData, type SessionsOf } from '@sessions/core'
import { sessions as nodeSessions, type SessionsMiddleware } from '@sessions/node'
import { isSecure } from '@sessions/node/adapter'

/** How sessions are mounted. */
export interface SessionsOptions {
  /**
   * Whether the session is loaded before the next handler runs, wherever a well-formed cookie came. On its own this sets no
   * header, but costs each of these requests a call to the store.
   *
   * @default false
   */
  readonly eager?: boolean | undefined
}

/**
 * Gives each request a session: `req.session`. It is stored when the response is about to leave, before its first byte; if
 * that fails, Express's error handling gets the error. To be mounted once, before what uses it; if it is mounted again,
 * the first one counts.
 *
 * Whether a request was https is what `req.secure` says, so Express's setting `trust proxy` applies.
 *
 * @throws {InvalidSettingError} when a setting or an option is misused.
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
