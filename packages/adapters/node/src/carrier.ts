import {
  NO_RESPONSE,
  NOTHING,
  type Committed,
  type CommitResponse,
  type MaybePromise,
  type Sessions,
  type UnloadedSession,
} from '@sessions/core'
import { isGone } from './client-gone.ts'
import type { Committer } from './committer.ts'
import type { Exchange } from './exchange.ts'
import { MountPlace } from './mount-place.ts'
import { commitBeforeFirstByte } from './response-gate.ts'
import type { Next, NodeRequest, NodeResponse } from './types.ts'

/**
 * Carries one session through one request, whoever commits it: in any case the response at its first byte, and before that a
 * framework that has a moment of its own for it. As long as nobody looks at the session, there is nothing but this: no
 * session is opened, and the response is left alone.
 */
export class Carrier<D extends object> implements Committer {
  readonly manager: Sessions<D>
  /** Gets the error of a commit if nothing of the response has been sent. Without it, the response answers the error itself. */
  readonly next: Next | undefined
  /** The carrier of the next mount further out, which is another manager's. */
  outer: Carrier<object> | undefined = undefined
  readonly place: MountPlace
  readonly #exchange: Exchange
  #session: UnloadedSession<D> | undefined
  /** The one commit of this request, whoever began it. */
  #committing: MaybePromise<Committed> | undefined

  constructor(manager: Sessions<D>, exchange: Exchange, next?: Next) {
    this.manager = manager
    this.#exchange = exchange
    this.next = next
    this.place = new MountPlace(exchange.res)
    if (manager.commitsUntouched) this.open()
  }

  /** What carries that manager's session through this request: this carrier, or one further out. */
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

  /** The session. The first look opens it, and makes the response wait for its commit. */
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
   * Commits the session now, by the status that its response is going to have. The response takes what comes of it along at
   * its first byte, whatever becomes of its headers until then, and is not committed again.
   *
   * @returns what is to be waited for: nothing if nothing is stored, the commit of the first byte if that came first.
   * @throws {SessionError} when the session cannot be stored: the framework answers that.
   */
  commit(status: number): Promise<unknown> | undefined {
    if (this.#session === undefined) return undefined
    const committing = this.#committing ?? this.#commitNow(status)
    return 'then' in committing ? committing : undefined
  }

  commitAtFirstByte(status: number): MaybePromise<Committed> {
    return (this.#committing ??= this.#commit(status))
  }

  commitLate(status: number): MaybePromise<Committed> {
    return (this.#committing ??= this.#commitWithoutCookie(status))
  }

  abandon(): MaybePromise<Committed> {
    return this.#commitWith(NO_RESPONSE)
  }

  owed(): Committed {
    if (this.#session === undefined) return NOTHING
    return this.manager.owed(this.#session, new ExchangeResponse(this.#exchange, 500))
  }

  /** Takes back what was done to the response since it came here. */
  restoreResponse(): void {
    this.place.restore()
  }

  #commitNow(status: number): MaybePromise<Committed> {
    const committing = this.#commit(status)
    this.#committing = committing
    if ('then' in committing) {
      committing.then(
        (committed) => void (this.#committing = committed),
        // The answer that the framework makes of this has nothing else to do with the session.
        () => void (this.#committing = this.owed()),
      )
    }
    return committing
  }

  /** Stores a session whose cookie cannot be sent: an error, if the client would need it. */
  #commitWithoutCookie(status: number): MaybePromise<Committed> {
    const first = this.#commitWith(NO_RESPONSE)
    if ('then' in first) return first.then(() => this.#commit(status))
    return this.#commit(status)
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
      // Whoever called `end()` does not expect to be answered before it returns.
      return Promise.reject(error)
    }
  }
}

/** The response of an exchange, when it is about to leave. What only a cookie needs is not looked up before there is one. */
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

/** Opens a session whose cookie cannot be sent any more: changes of it are stored by its `save()`. */
export function openWithoutResponse<D extends object>(
  manager: Sessions<D>,
  req: NodeRequest,
): UnloadedSession<D> {
  const session = manager.openFromCookies(req.headers.cookie)
  void manager.commit(session, NO_RESPONSE)
  return session
}

/**
 * Whether anybody sends the response. For a WebSocket handshake, engine.io passes an object with a few of its methods, and
 * others a response of their own making: Node's server makes none for an upgraded request.
 */
function isSent(req: NodeRequest, res: NodeResponse): boolean {
  const isUpgraded = (req as { readonly upgrade?: boolean | null }).upgrade === true
  return 'flushHeaders' in res && !isUpgraded
}
