import type { SessionBackend } from '../backends/backend.ts'
import type { DefaultData } from '../data.ts'
import { InvalidSettingError } from '../errors.ts'
import { isPromise } from '../steps.ts'
import { SessionBase, stateOf } from './session-base.ts'
import type { SessionState } from './session-state.ts'

/** A session whose data has not been read yet: what an adapter hands over. Nothing is read before `load()`. */
export interface UnloadedSession<D extends object = DefaultData> {
  /** Whether `load()` or `flush()` was called. */
  readonly loaded: boolean
  /**
   * Reads the data, with one engine call, and resolves to this same session, now typed as loaded. Without a well-formed
   * cookie, nothing is read. Repeated calls read once.
   *
   * @throws {SessionEngineError} when the store fails: a failing store is never an empty session.
   */
  load(): Promise<Session<D>>
  /** Marks the session to be deleted, without reading it. Call it at logout. */
  flush(): void
}

/** Makes a session: the core's own way, which its published type does not show. */
export let newSession: <D extends object>(
  state: SessionState,
  backend: SessionBackend,
) => Session<D>

/** A session that can be read, changed, and stored. */
export class Session<D extends object = DefaultData>
  extends SessionBase<D>
  implements UnloadedSession<D>
{
  readonly #backend: SessionBackend

  static {
    newSession = (state, backend) => new Session(state, backend)
  }

  /** Applications get sessions from a manager or an adapter. */
  private constructor(state: SessionState, backend: SessionBackend) {
    super(state)
    this.#backend = backend
  }

  async load(): Promise<Session<D>> {
    const loading = this.#backend.load(stateOf(this))
    if (isPromise(loading)) await loading
    return this
  }

  /**
   * Stores the session now, instead of when the response leaves, and carries out `cycleKey()` and `flush()`. The
   * cookie goes out with the response, whatever its status. If another request saved first, its changes are in the
   * session afterwards: an object that you got before, and that the other request replaced, is no longer part of the
   * session. If the other request exchanged the key, nothing of what it did shows here.
   *
   * @throws {SessionInterruptedError} when the record was deleted by another request.
   * @throws {SessionConflictError} when another request changed it and `onConflict` says to reject.
   * @throws {SessionEngineError} when the store fails.
   * @throws {SessionSerializationError} when a value cannot be stored.
   * @throws {SessionCommittedError} when the response headers have gone and the client would need a new cookie.
   * @throws {InvalidSettingError} when given a callback, which would never be called.
   */
  save(): Promise<void> {
    // Not a parameter, which every editor would offer.
    if (typeof arguments[0] === 'function')
      throw new InvalidSettingError('session.save', 'takes no callback: await what it returns.')
    return this.#backend.save(stateOf(this))
  }

  /** Whether the store has a live record of this session now. Always false with a cookie engine. */
  exists(): Promise<boolean> {
    return this.#backend.exists(stateOf(this))
  }
}
