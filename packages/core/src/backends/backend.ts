import type { MaybePromise } from '../engine/engine.ts'
import type { SessionState } from '../session/session-state.ts'

/** Loads and stores sessions: one implementation uses a `SessionEngine`, the other a `CookieEngine`. */
export interface SessionBackend {
  /** Reads the data, unless it was read before. */
  load(state: SessionState): MaybePromise<void>
  /** Whether the store has a live record of the session. */
  exists(state: SessionState): Promise<boolean>
  /** Carries out what a response needs. Synchronous if nothing is stored, or the session is stored in the cookie. */
  commit(state: SessionState, response: { readonly status: number }): MaybePromise<void>
  /** Stores the session now, and carries out `cycleKey()` and `flush()`. */
  save(state: SessionState): Promise<void>
  /** The engine's ids for a session or a session key: the known one, and the current one if the key was rotated meanwhile. */
  idsOf(session: SessionState | string): Promise<readonly string[]>
}
