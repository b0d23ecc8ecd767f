import type { Dictionary } from '../data.ts'
import { SessionConflictError, SessionInterruptedError } from '../errors.ts'
import { emptyDictionary } from '../payload/payload.ts'
import { sameValue } from '../payload/value-text.ts'
import { handleOf } from '../session/session-key.ts'
import type { RecordState } from '../session/session-state.ts'
import type { StoredRecord } from '../session/stored.ts'
import type { Steps } from '../steps.ts'
import { belongToDifferentUsers, rebase, type Rebased, userOf } from './rebase.ts'
import type { RecordContext } from './record-context.ts'
import type { FollowedRecord, RecordReader } from './record-reader.ts'

/** How often a request's changes are replayed before it gives up: more than enough for fifty concurrent writers. */
export const MAX_REPLAYS = 200
/** The pause before the n-th replay is random: up to n times this many milliseconds, but no longer than `LONGEST_PAUSE`. */
const PAUSE_STEP = 2
const LONGEST_PAUSE = 32

/** Handles conflicts: replays a request's changes on what another request has stored. */
export class CatchUp {
  readonly #context: RecordContext
  readonly #reader: RecordReader
  readonly #dumps = (value: unknown): string => this.#context.settings.serializer.dumps(value)

  constructor(context: RecordContext, reader: RecordReader) {
    this.#context = context
    this.#reader = reader
  }

  /**
   * Reports the conflict, pauses, and reads the session's current record, which has another id if its key was rotated.
   *
   * @param stored The record that the session is based on.
   * @param replays How many replays have failed so far.
   * @throws {SessionConflictError} when `onConflict` is `'reject'`, or after too many replays.
   * @throws {SessionInterruptedError} when the session was deleted.
   */
  *find(stored: StoredRecord, replays: number): Steps<FollowedRecord> {
    const { settings, report } = this.#context
    report?.({ type: 'conflict', handle: handleOf(stored.key) })
    if (settings.onConflict === 'reject') {
      throw new SessionConflictError("`onConflict` is 'reject'")
    }
    if (replays >= MAX_REPLAYS) {
      throw new SessionConflictError(
        `${MAX_REPLAYS} attempts to merge this request's changes each met another save`,
      )
    }
    yield this.#pause(replays)
    const found = yield* this.#reader.follow(stored.id)
    if (found === undefined) throw new SessionInterruptedError()
    return found
  }

  /**
   * Returns the session with its changes replayed on the record that was found.
   *
   * @throws {SessionInterruptedError} when the record belongs to a different user.
   */
  replay(state: RecordState, stored: StoredRecord, { payload: theirs }: FollowedRecord): Rebased {
    const { data, expiry, created, foreign, log, shared } = state
    const base = this.#baseOf(stored)
    const dumps = this.#dumps
    const mine = { data, expiry, created, foreign, log, shared, base, dumps }
    const merges = this.#context.settings.onConflict === 'merge'
    const overwritten = belongToDifferentUsers(mine, theirs.data) ? undefined : mine
    const replayed = merges ? rebase(mine, theirs) : overwritten
    if (replayed === undefined)
      throw new SessionInterruptedError('another request has logged in a different user')
    return replayed
  }

  /** Replays the session's changes on the record that was found under the same id. Returns the session's new base. */
  adopt(state: RecordState, stored: StoredRecord, found: FollowedRecord): StoredRecord {
    state.adopt(this.replay(state, stored, found))
    const { id, text, record } = found
    const { version, expiresAt, data } = record
    const next = { key: stored.key, id, version, expiresAt, data, text }
    state.stored = next
    return next
  }

  /** Whether a user was logged in when the session was loaded or last stored, and is still the same. */
  wasLoggedIn(state: RecordState, stored: StoredRecord): boolean {
    const user = userOf(this.#baseOf(stored))
    return user !== undefined && sameValue(user, userOf(state.data), this.#dumps)
  }

  /** The dictionary as it was last loaded or stored. */
  #baseOf({ text, data }: StoredRecord): Dictionary {
    return text === undefined ? emptyDictionary() : this.#context.format.read(data).payload.data
  }

  #pause(replays: number): Promise<void> {
    const { random, sleep } = this.#context.settings
    const [byte = 0] = random(1)
    return sleep((byte / 256) * Math.min((replays + 1) * PAUSE_STEP, LONGEST_PAUSE))
  }
}
