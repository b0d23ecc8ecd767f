import {
  isPromise,
  NO_RESPONSE,
  NOTHING,
  type Committed,
  type CommitResponse,
  type MaybePromise,
  type Sessions,
  type UnloadedSession,
} from '@sessions/core'
import type { OutgoingHttpHeaders } from 'node:http'
import { isGone } from './client-gone.ts'
import type { Committer } from './committer.ts'
import type { Exchange } from './exchange.ts'
import { commitBeforeFirstByte } from './gate/response-gate.ts'
import { MountPlace } from './head/mount-place.ts'
import { currentHeaders, restoreResponse } from './head/response-headers.ts'
import type { Next, NodeRequest, NodeResponse } from './types.ts'

/**
 * Carries one session through one request and commits it once: at the response's first byte, or earlier if the framework has
 * a hook of its own for that. Until the session is first accessed, nothing is opened and the response does not wait.
 */
export class Carrier<D extends object> implements Committer {
  readonly manager: Sessions<D>
  /** Gets the error of a failed commit if the response is still whole. Otherwise the error response is sent without it. */
  readonly next: Next | undefined
  /** The carrier of the enclosing mount, which belongs to another manager. */
  outer: Carrier<object> | undefined = undefined
  readonly place: MountPlace
  readonly #exchange: Exchange
  readonly #headersAtMount: OutgoingHttpHeaders
  #session: UnloadedSession<D> | undefined
  /** The only commit of this request, started by `commit()` or by the first byte. */
  #committing: MaybePromise<Committed> | undefined

  constructor(manager: Sessions<D>, exchange: Exchange, next?: Next) {
    this.manager = manager
    this.#exchange = exchange
    this.next = next
    this.#headersAtMount = currentHeaders(exchange.res)
    this.place = new MountPlace(exchange.res)
    if (manager.commitsUntouched) this.open()
  }

  /** The carrier of the given manager's session: this one, or one of an enclosing mount. */
  of<E extends object>(manager: Sessions<E>): Carrier<E> | undefined {
    let carrier: Carrier<object> | undefined = this as unknown as Carrier<object>
    while (carrier !== undefined && (carrier.manager as unknown) !== manager)
      carrier = carrier.outer
    return carrier
  }

  /** The carrier of the outermost mount. */
  get outermost(): Carrier<object> {
    let carrier = this as unknown as Carrier<object>
    while (carrier.outer !== undefined) carrier = carrier.outer
    return carrier
  }

  /** The session. The first call opens it and makes the response wait for its commit. */
  open(): UnloadedSession<D> {
    if (this.#session !== undefined) return this.#session
    const { req, res } = this.#exchange
    if (res.headersSent || !isSent(req, res)) {
      this.#committing = NOTHING
      return (this.#session = openWithoutResponse(this.manager, req))
    }
    this.#session = this.manager.openFromCookies(req.headers.cookie)
    commitBeforeFirstByte(this)
    return this.#session
  }

  /**
   * Commits the session now, given the status that its response will have. The cookie and the other headers that result are
   * added at the first byte, whatever happens to the response's headers until then. The session is not committed again.
   *
   * @returns a promise to await, or undefined if the commit was synchronous. If the first byte came first, it is that commit.
   * @throws {SessionError} when the session cannot be stored, for the framework to answer.
   */
  commit(status: number): Promise<unknown> | undefined {
    if (this.#session === undefined) return undefined
    const committing = this.#committing ?? this.#commitNow(status)
    return isPromise(committing) ? committing : undefined
  }

  commitAtFirstByte(status: number): MaybePromise<Committed> {
    return (this.#committing ??= this.#commit(status))
  }

  commitLate(status: number): MaybePromise<Committed> {
    return (this.#committing ??= this.#commitLate(status))
  }

  commitWithoutResponse(): MaybePromise<Committed> {
    return this.#commitWith(NO_RESPONSE)
  }

  owed(): Committed {
    if (this.#session === undefined) return NOTHING
    return this.manager.owed(this.#session, new ExchangeResponse(this.#exchange, 500))
  }

  restoreResponse(): void {
    restoreResponse(this.#exchange.res, this.#headersAtMount)
  }

  #commitNow(status: number): MaybePromise<Committed> {
    const committing = this.#commit(status)
    this.#committing = committing
    if (isPromise(committing)) {
      committing.then(
        (committed) => void (this.#committing = committed),
        // The framework's error response still carries `Vary`, and the cookie of an earlier `save()`.
        () => void (this.#committing = this.owed()),
      )
    }
    return committing
  }

  /**
   * Stores a session after the headers have gone. Fails if its client would need a cookie. Does not ask whether the client
   * has gone: a response that was ended through its HTTP/2 stream is known only by its end, which looks the same.
   */
  #commitLate(status: number): MaybePromise<Committed> {
    const response = new ExchangeResponse(this.#exchange, status)
    const first = this.#commitWith(NO_RESPONSE)
    if (isPromise(first)) return first.then(() => this.#commitWith(response))
    return this.#commitWith(response)
  }

  #commit(status: number): MaybePromise<Committed> {
    const exchange = this.#exchange
    return this.#commitWith(
      isGone(exchange.res) ? NO_RESPONSE : new ExchangeResponse(exchange, status),
    )
  }

  #commitWith(response: CommitResponse): MaybePromise<Committed> {
    if (this.#session === undefined) return NOTHING
    try {
      return this.manager.commit(this.#session, response)
    } catch (error) {
      // Callers of `end()` do not expect it to throw this error.
      return Promise.reject(error)
    }
  }
}

/** A response that is about to be sent. `https` and `host`, which only a cookie needs, are looked up when they are read. */
class ExchangeResponse implements CommitResponse {
  readonly status: number
  readonly #exchange: Exchange

  constructor(exchange: Exchange, status: number) {
    this.#exchange = exchange
    this.status = status
  }

  get https(): boolean {
    return this.#exchange.secure
  }

  get host(): string | undefined {
    return this.#exchange.host
  }
}

/** Opens a session whose cookie can no longer be sent. Only its `save()` stores changes. */
export function openWithoutResponse<D extends object>(
  manager: Sessions<D>,
  req: NodeRequest,
): UnloadedSession<D> {
  const session = manager.openFromCookies(req.headers.cookie)
  void manager.commit(session, NO_RESPONSE)
  return session
}

/**
 * Whether the response will be sent. Node creates none for a WebSocket handshake: engine.io passes an object with a few of
 * its methods instead, and other libraries a response that they created themselves.
 */
function isSent(req: NodeRequest, res: NodeResponse): boolean {
  const isUpgraded = (req as { readonly upgrade?: boolean | null }).upgrade === true
  return 'flushHeaders' in res && !isUpgraded
}
