import {
  checkOptions,
  InvalidSettingError,
  managerOf,
  type DefaultData,
  type Session,
  type SessionsOf,
  type UnloadedSession,
} from '@sessions/core'
import { attachCarrier, carrierOf } from './attach-carrier.ts'
import { Carrier, openWithoutResponse } from './carrier.ts'
import { NodeExchange } from './node-exchange.ts'
import type {
  Next,
  NodeRequest,
  NodeResponse,
  SessionsMiddleware,
  SessionsOptions,
} from './types.ts'

/**
 * Gives each request a session, `req.session`, and stores it before the first byte of the response. Mount it before
 * everything that uses it. If the same manager or settings object is mounted again, the first mount counts; another manager,
 * whose cookie has another name, keeps a second session.
 *
 * @throws {InvalidSettingError} when a setting or an option is invalid.
 *
 * @example
 * const mount = sessions({ engine: memoryEngine() })
 * createServer((req, res) => {
 *   mount(req, res)
 *   handle(req, res).catch((error) => answerError(res, error))
 * })
 * async function handle(req: IncomingMessage, res: ServerResponse) {
 *   const session = await mount.load(req)
 *   session.set('views', session.get('views', 0) + 1)
 *   res.end(`${session.get('views')} views`)
 * }
 */
export function sessions<D extends object = DefaultData>(
  source: SessionsOf<D>,
  options: SessionsOptions = {},
): SessionsMiddleware<D> {
  const manager = managerOf(source)
  checkOptions('sessions', options, { eager: 'boolean', https: 'function' })
  const { eager = false, https } = options

  function sessions(req: NodeRequest, res: NodeResponse, next?: Next): void {
    let carrier = carrierOf(req, manager)
    if (carrier === undefined) {
      carrier = new Carrier(manager, new NodeExchange(req, res, https), next)
      attachCarrier(req, carrier)
    }
    if (next === undefined) return
    if (eager)
      carrier
        .open()
        .load()
        .then(() => next(), next)
    else next()
  }

  return Object.assign(sessions, {
    // Not `async`, which would wrap the session's own promise in another.
    load(req: NodeRequest): Promise<Session<D>> {
      const carrier = carrierOf(req, manager)
      if (carrier !== undefined) return carrier.open().load()
      return Promise.reject(
        new InvalidSettingError(
          'load',
          'was called for a request that did not go through its mount. Call `app.use(mount)`, or `mount(req, res)`, ' +
            'before the handler. For an upgrade request, use `mount.openUpgrade(req)`.',
        ),
      )
    },

    openUpgrade(req: NodeRequest): UnloadedSession<D> {
      return openWithoutResponse(manager, req)
    },
  })
}
