import type { Committed, MaybePromise } from '@sessions/core'
import type { MountPlace } from './head/mount-place.ts'
import type { Next } from './types.ts'

/** Commits the session that a response waits for. */
export interface Committer {
  /** The mount's position among the wrappers of the response. */
  readonly place: MountPlace
  /** Commits the session before the first byte, given the response's status. Rejects, but never throws. */
  commitAtFirstByte(status: number): MaybePromise<Committed>
  /** The same, if the headers have bypassed the gate: no cookie can be sent. */
  commitLate(status: number): MaybePromise<Committed>
  /** Carries out a logout, and nothing else, after the client has gone before the first byte. */
  commitWithoutResponse(): MaybePromise<Committed>
  /** What even the error response must carry if the commit fails: `Vary`, and the cookie of an earlier `save()`. */
  owed(): Committed
  /** Restores the status and the headers that the response had at the mount. */
  restoreResponse(): void
  /** Hands an error to the framework. Without it, the gate sends the error response. */
  readonly next: Next | undefined
}
