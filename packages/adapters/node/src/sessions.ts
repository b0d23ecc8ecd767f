import {
  InvalidSettingError,
  managerOf,
  type DefaultData,
  type Session,
  type UnloadedSession,
} from '@sessions/core'
import { findMounted, putMounted } from './carrier.ts'
import { Mounted, openWithoutResponse } from './mounted.ts'
import type {
  Next,
  NodeRequest,
  NodeResponse,
  SessionsMiddleware,
  SessionsOf,
  SessionsOptions,
} from './types.ts'

/**
 * Gives each request a session: `req.session`. It is stored when the response is about to leave, before its first byte.
 * To be mounted once, before what uses it; where it is mounted again, the first one counts.
 *
 * @throws {InvalidSettingError} when a setting is misused.
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
  const { eager = false } = options

  function sessions(req: NodeRequest, res: NodeResponse, next?: Next): void {
    let mounted = findMounted(req, manager)
    if (mounted === undefined) {
      mounted = new Mounted(manager, { req, res, next, options })
      putMounted(req, mounted)
      if (manager.commitsUntouched) mounted.open()
    }
    if (next === undefined) return
    if (eager)
      mounted
        .open()
        .load()
        .then(() => next(), next)
    else next()
  }

  return Object.assign(sessions, {
    // Not `async`: the promise of the session itself is enough.
    load(req: NodeRequest): Promise<Session<D>> {
      const mounted = findMounted(req, manager)
      if (mounted !== undefined) return mounted.open().load()
      return Promise.reject(
        new InvalidSettingError(
          'load',
          'needs the mount it belongs to on the way of this request: `app.use(mount)`, or `mount(req, res)`, before ' +
            'the handler. An upgrade request is opened with `mount.openUpgrade(req)`.',
        ),
      )
    },

    commit(req: NodeRequest, status: number): Promise<unknown> | undefined {
      const committing = findMounted(req, manager)?.commit(status)
      return committing !== undefined && 'then' in committing ? committing : undefined
    },

    openUpgrade(req: NodeRequest): UnloadedSession<D> {
      return openWithoutResponse(manager, req)
    },
  })
}
