import type { Committed, MaybePromise } from '@sessions/core'
import type { Next } from './types.ts'

/** What a response is made to wait for. */
export interface Gatekeeper {
  /** Commits the session, before the first byte, by the response's status. Never throws. */
  commitAtFirstByte(status: number): MaybePromise<Committed>
  /** The same where the headers have gone already, past the gate: no cookie can be sent. */
  commitLate(status: number): MaybePromise<Committed>
  /** Commits what is left to commit where the client has gone before the first byte: a logout. */
  abandon(): MaybePromise<Committed>
  /** Takes back what was done to the response, for an error's answer. */
  restoreResponse(): void
  /** Hands an error to the framework. Without one, the gate answers it. */
  readonly next: Next | undefined
}
