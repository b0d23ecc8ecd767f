import type { Committed, MaybePromise } from '@sessions/core'
import type { MountPlace } from './mount-place.ts'
import type { Next } from './types.ts'

/** What commits the session that a response waits for. */
export interface Committer {
  /** Where the mount stands on the response. */
  readonly place: MountPlace
  /** Commits the session, before the first byte, by the response's status. Never throws. */
  commitAtFirstByte(status: number): MaybePromise<Committed>
  /** The same if the headers have already gone, past the gate: no cookie can be sent. */
  commitLate(status: number): MaybePromise<Committed>
  /** Commits what is left to commit if the client has gone before the first byte: a logout. */
  abandon(): MaybePromise<Committed>
  /** What the answer must carry though the commit has failed: the cookie of what a `save()` before it stored. */
  owed(): Committed
  /** Hands an error to the framework. Without one, the gate answers it. */
  readonly next: Next | undefined
}
