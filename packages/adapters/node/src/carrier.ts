import type {
  Committed,
  CommitResponse,
  MaybePromise,
  Sessions,
  UnloadedSession,
} from '@sessions/core'
import { isGone } from './client-gone.ts'
import type { Gatekeeper } from './gatekeeper.ts'
import { MountPlace } from './mount-place.ts'
import { commitBeforeFirstByte } from './response-gate.ts'
import type { Next, NodeRequest, NodeResponse } from './types.ts'

/** A request and its response on their way, as far as a session has to know them. The context of Koa is one. */
export interface Passage {
  readonly req: NodeRequest
  readonly res: NodeResponse
  /** Whether the client came over https. */
  readonly secure: boolean
  /** The host that the client asked for. */
  readonly host: string | undefined
}

/**
 * Carries one session through one request, whoever commits it: in any case the response at its first byte, and before that a
 * framework that has a moment of its own for it. As long as nobody looks at the session, there is nothing but this: no
 * session is opened, and the response is left alone.
 */
export class Carrier<D extends object> implements Gatekeeper {
  readonly manager: Sessions<D>
  /** Gets the error of a commit where nothing of the response has been sent. Without it, the response answers the error itself. */
  readonly next: Next | undefined
  /** What another manager's mount further out has made of this request. */
  outer: Carrier<object> | undefined = undefined
  readonly place: MountPlace
  readonly #passage: Passage
  #session: UnloadedSession<D> | undefined
  /** The one commit of this request, whoever began it. */
  #committing: MaybePromise<Committed> | undefined

  constructor(manager: Sessions<D>, passage: Passage, next?: Next) {
    this.manager = manager
    this.#passage = passage
    this.next = next
    this.place = new MountPlace(passage.res)
    if (manager.commitsUntouched) this.open()
  }

  /** The session. Opened, and the response made to wait for its commit, where this is the first look. */
  open(): UnloadedSession<D> {
    if (this.#session !== undefined) return this.#session
    const { req, res } = this.#passage
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
   * @returns what is to be waited for: nothing where nothing is stored. Where the first byte came first, its commit.
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
    return this.#commit(500)
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
        // The answer that the framework makes of this has nothing to do with the session.
        () => void (this.#committing = NOTHING),
      )
    }
    return committing
  }

  /** Stores a session whose cookie cannot be sent: an error, where the client would need one. */
  #commitWithoutCookie(status: number): MaybePromise<Committed> {
    const first = this.#commit(500)
    if ('then' in first) return first.then(() => this.#commit(status))
    return this.#commit(status)
  }

  /** Where the client has gone, nothing is stored but a logout. */
  #commit(status: number): MaybePromise<Committed> {
    const { res } = this.#passage
    if (this.#session === undefined) return NOTHING
    try {
      return this.manager.commit(
        this.#session,
        new Leaving(this.#passage, isGone(res) ? 500 : status),
      )
    } catch (error) {
      // Whoever called `end()` does not expect to be answered before it returns.
      return Promise.reject(error)
    }
  }
}

/** A response that is about to leave. What only a cookie needs is not looked up before there is one. */
class Leaving implements CommitResponse {
  readonly status: number
  readonly #passage: Passage

  constructor(passage: Passage, status: number) {
    this.#passage = passage
    this.status = status
  }

  get https(): boolean {
    return this.#passage.secure
  }

  get host(): string | undefined {
    return this.#passage.host
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

/**
 * Whether anybody sends the response. For a WebSocket handshake, engine.io passes an object with a few of its methods, and
 * others a response of their own making: where a request has been upgraded, Node's server makes none.
 */
function isSent(req: NodeRequest, res: NodeResponse): boolean {
  const isUpgraded = (req as { readonly upgrade?: boolean | null }).upgrade === true
  return 'flushHeaders' in res && !isUpgraded
}
