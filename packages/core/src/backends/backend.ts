import type { MaybePromise } from '../engine/engine.ts'
import type { SessionState } from '../session/session-state.ts'

/** Where sessions are loaded from and committed to: on a server by a `SessionEngine`, in the browser by a `CookieEngine`. */
export interface SessionBackend {
  /** Reads the data, unless that was done. */
  load(state: SessionState): MaybePromise<void>
  /** Whether a record stands behind the session. */
  exists(state: SessionState): Promise<boolean>
  /** Carries out the plan of a response. Synchronous where nothing is stored outside of the cookie. */
  commit(state: SessionState, response: { readonly status: number }): MaybePromise<void>
  /** Carries out every mark, and stores the session. */
  save(state: SessionState): Promise<void>
  /** The ids under which a server's engine may have a session, or the one with that key, whoever rotated it meanwhile. */
  idsOf(session: SessionState | string): Promise<readonly string[]>
}
