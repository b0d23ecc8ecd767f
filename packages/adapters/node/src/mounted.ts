import type { Committed, MaybePromise, Sessions, UnloadedSession } from '@sessions/core'
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { commitBeforeFirstByte } from './response-gate.ts'
import { currentHeaders, restoreResponse } from './response-headers.ts'
import type { Next, NodeRequest, NodeResponse, SessionsOptions } from './types.ts'

/** The way of a request through a mount. */
interface Passage {
  readonly req: NodeRequest
  readonly res: NodeResponse
  readonly next: Next | undefined
  readonly https: SessionsOptions['https']
}

/**
 * What a mount keeps of a request. As long as nobody looks at the session, nothing but this: no session is opened, and the
 * response is left alone.
 */
export class Mounted<D extends object> {
  readonly manager: Sessions<D>
  /** The mount before this one, of another manager. */
  outer: Mounted<object> | undefined
  readonly #passage: Passage
  readonly #before: OutgoingHttpHeaders
  #session: UnloadedSession<D> | undefined

  constructor(manager: Sessions<D>, passage: Passage) {
    this.manager = manager
    this.#passage = passage
    this.#before = currentHeaders(passage.res)
  }

  /** The session. Opened, and the response made to wait for its commit, where this is the first look. */
  open(): UnloadedSession<D> {
    if (this.#session !== undefined) return this.#session
    const { req, res, next } = this.#passage
    if (res.headersSent || !canWait(res))
      return (this.#session = openWithoutResponse(this.manager, req))
    const session = this.manager.openFromCookies(req.headers.cookie)
    this.#session = session
    commitBeforeFirstByte(res, {
      commit: (status) => this.#commit(session, status),
      restore: () => this.restoreResponse(),
      next,
    })
    return session
  }

  /** Takes back what was done to the response since it came here. */
  restoreResponse(): void {
    restoreResponse(this.#passage.res, this.#before)
  }

  #commit(session: UnloadedSession<D>, status: number): MaybePromise<Committed> {
    const { req, https = isEncrypted } = this.#passage
    const { host = req.headers[':authority'] } = req.headers
    return this.manager.commit(session, {
      status,
      // The compatibility API of HTTP/2 is made to be used as the API of HTTP/1 is.
      https: https(req as IncomingMessage),
      host: typeof host === 'string' ? host : undefined,
    })
  }
}

/** Opens a session whose cookie cannot be sent any more: changes of it are stored by its `save()`. */
export function openWithoutResponse<D extends object>(
  manager: Sessions<D>,
  req: NodeRequest,
): UnloadedSession<D> {
  const session = manager.openFromCookies(req.headers.cookie)
  // A commit in the name of a failed response stores nothing, and tells the session that the headers have gone.
  void manager.commit(session, { status: 500 })
  return session
}

/** Whether it is a response at all. For a WebSocket handshake, engine.io passes an object with a few of its methods. */
function canWait(res: NodeResponse): boolean {
  return 'flushHeaders' in res
}

function isEncrypted(req: IncomingMessage): boolean {
  return (req.socket as Partial<TLSSocket>).encrypted === true
}
