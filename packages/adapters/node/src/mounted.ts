import type { Committed, MaybePromise, Sessions, UnloadedSession } from '@sessions/core'
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { isGone } from './client-gone.ts'
import { commitBeforeFirstByte } from './response-gate.ts'
import { currentHeaders, restoreResponse } from './response-headers.ts'
import type { Next, NodeRequest, NodeResponse, SessionsOptions } from './types.ts'

/** The way of a request through a mount. */
interface Passage {
  readonly req: NodeRequest
  readonly res: NodeResponse
  readonly next: Next | undefined
  readonly options: SessionsOptions
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
  /** The one commit of this request, whether the first byte came first or the framework. */
  #committing: MaybePromise<Committed> | undefined

  constructor(manager: Sessions<D>, passage: Passage) {
    this.manager = manager
    this.#passage = passage
    this.#before = currentHeaders(passage.res)
  }

  /** The session. Opened, and the response made to wait for its commit, where this is the first look. */
  open(): UnloadedSession<D> {
    if (this.#session !== undefined) return this.#session
    const { req, res, next } = this.#passage
    if (res.headersSent || !canWait(res)) {
      this.#committing = NOTHING
      return (this.#session = openWithoutResponse(this.manager, req))
    }
    const session = this.manager.openFromCookies(req.headers.cookie)
    this.#session = session
    commitBeforeFirstByte(res, {
      commit: (status) => (this.#committing ??= this.#commit(session, status)),
      commitLate: (status) => (this.#committing ??= this.#commitLate(session, status)),
      abandon: () => this.#commit(session, 500),
      restore: () => this.restoreResponse(),
      next,
    })
    return session
  }

  /**
   * Commits the session in the framework's own moment before the first byte, which takes along what comes of it. Nothing
   * where nobody has looked at the session; where the first byte came first, its commit.
   */
  commit(status: number): MaybePromise<Committed> | undefined {
    const session = this.#session
    if (session === undefined || this.#committing !== undefined) return this.#committing
    const committing = this.#commit(session, status)
    this.#committing = committing
    if ('then' in committing) {
      committing.then(
        (committed) => void (this.#committing = committed),
        // The framework is told, and answers it. That answer has nothing to do with the session.
        () => void (this.#committing = NOTHING),
      )
    }
    return committing
  }

  /** Takes back what was done to the response since it came here. */
  restoreResponse(): void {
    restoreResponse(this.#passage.res, this.#before)
  }

  /** Stores a session whose cookie cannot be sent: an error, where the client would need one. */
  #commitLate(session: UnloadedSession<D>, status: number): MaybePromise<Committed> {
    const first = this.#commit(session, 500)
    if ('then' in first) return first.then(() => this.#commit(session, status))
    return this.#commit(session, status)
  }

  /** Where the client has gone, nothing is stored but a logout. */
  #commit(session: UnloadedSession<D>, status: number): MaybePromise<Committed> {
    const { req, res, options } = this.#passage
    const { https = isEncrypted, host = hostOf } = options
    // The compatibility API of HTTP/2 is made to be used as the API of HTTP/1 is.
    const asked = req as IncomingMessage
    try {
      return this.manager.commit(session, {
        status: isGone(res) ? 500 : status,
        https: https(asked),
        host: host(asked),
      })
    } catch (error) {
      // Whoever called `end()` does not expect to be answered before it returns.
      return Promise.reject(error)
    }
  }
}

/** Opens a session whose cookie cannot be sent any more: changes of it are stored by its `save()`. */
export function openWithoutResponse<D extends object>(
  manager: Sessions<D>,
  req: NodeRequest,
): UnloadedSession<D> {
  const session = manager.openFromCookies(req.headers.cookie)
  void manager.commit(session, NOT_ANSWERED)
  return session
}

/** A commit in the name of a failed response stores nothing, and tells the session that the headers have gone. */
const NOT_ANSWERED = { status: 500 }

const NOTHING: Committed = { setCookie: [], vary: undefined, cacheControl: undefined }

/** Whether it is a response at all. For a WebSocket handshake, engine.io passes an object with a few of its methods. */
function canWait(res: NodeResponse): boolean {
  return 'flushHeaders' in res
}

function isEncrypted(req: IncomingMessage): boolean {
  return (req.socket as Partial<TLSSocket>).encrypted === true
}

function hostOf({ headers }: IncomingMessage): string | undefined {
  const { host = headers[':authority'] } = headers
  return typeof host === 'string' ? host : undefined
}
