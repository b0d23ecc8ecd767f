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
 * Gives each request a session: `req.session`. It is stored when the response is about to leave, before its first byte.
 * To be mounted once, before what uses it; if it is mounted again, the first one counts.
 *
 * @throws {InvalidSettingError} when a setting or an option is misused.
 *
 * @example
 * const mount = sessions({ engine: memoryEngine() })
 * createServer(async (req, res) => {
 *   mount(req, res)
 *   const session = await mount.load(req)
 *   session.set('views', session.get('views', 0) + 1)
 *   res.end(`${session.get('views')} views`)
 * })
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
    // Not `async`: the promise of the session itself is enough.
    load(req: NodeRequest): Promise<Session<D>> {
      const carrier = carrierOf(req, manager)
      if (carrier !== undefined) return carrier.open().load()
      return Promise.reject(
        new InvalidSettingError(
          'load',
          'needs the mount it belongs to on the way of this request: `app.use(mount)`, or `mount(req, res)`, before ' +
            'the handler. An upgrade request is opened with `mount.openUpgrade(req)`.',
        ),
      )
    },

    openUpgrade(req: NodeRequest): UnloadedSession<D> {
      return openWithoutResponse(manager, req)
    },
  })
}
