import type { SessionBackend } from '../backends/backend.ts'
import type { DefaultData } from '../data.ts'
import { InvalidSettingError } from '../errors.ts'
import { isPromise } from '../steps.ts'
import { SessionBase, stateOf } from './session-base.ts'
import type { SessionState } from './session-state.ts'

/** A session as an adapter hands it over: nothing is read before `load()`. */
export interface UnloadedSession<D extends object = DefaultData> {
  /** Whether the data is available: `load()` has resolved, `flush()` was called, or the session is new. */
  readonly loaded: boolean
  /**
   * Reads the data with one engine call, and resolves to this same session, typed as loaded. Without a well-formed cookie,
   * nothing is read. Repeated calls read only once.
   *
   * @throws {SessionEngineError} when the store fails: a failing store never looks like an empty session.
   */
  load(): Promise<Session<D>>
  /** Marks the session to be deleted with the response, without reading it. Call it at logout. */
  flush(): void
}

/** Creates a session. Internal to this package: the published constructor is private. */
export let newSession: <D extends object>(
  state: SessionState,
  backend: SessionBackend,
) => Session<D>

/** A loaded session, which can be read, changed and stored. */
export class Session<D extends object = DefaultData>
  extends SessionBase<D>
  implements UnloadedSession<D>
{
  readonly #backend: SessionBackend

  static {
    newSession = (state, backend) => new Session(state, backend)
  }

  /** Private: applications get sessions from an adapter or from `manager.open()`. */
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
   * Stores the session now instead of with the response, and carries out `cycleKey()` and `flush()`. The cookie is sent with
   * the response, whatever its status.
   *
   * If another request saved first, this session contains that request's changes afterwards. An object that you got before,
   * and that the other request replaced, is then no longer part of the session. If the other request rotated the key, its
   * changes do not show here.
   *
   * @throws {SessionNotLoadedError} when the session was not loaded.
   * @throws {SessionInterruptedError} when another request deleted the session.
   * @throws {SessionConflictError} when another request changed the session and `onConflict` is `'reject'`, or merging
   *   failed too many times.
   * @throws {SessionEngineError} when the store fails.
   * @throws {SessionSerializationError} when a value cannot be stored.
   * @throws {SessionCommittedError} when the response headers were already sent and the client would need a new cookie.
   * @throws {InvalidSettingError} when a callback is passed: it would never be called.
   */
  save(): Promise<void> {
    // Not a declared parameter, which editors would suggest.
    if (typeof arguments[0] === 'function')
      throw new InvalidSettingError('session.save', 'takes no callback: await what it returns.')
    return this.#backend.save(stateOf(this))
  }

  /** Whether the store has a live record of this session now. Always resolves to false with a cookie engine. */
  exists(): Promise<boolean> {
    return this.#backend.exists(stateOf(this))
  }
}
