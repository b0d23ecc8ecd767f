import type { Dictionary } from '../data.ts'
import { SessionConflictError, SessionInterruptedError } from '../errors.ts'
import { emptyDictionary } from '../payload/payload.ts'
import { handleOf } from '../session/session-key.ts'
import type { RecordState, StoredRecord } from '../session/session-state.ts'
import type { Steps } from '../steps.ts'
import { belongToDifferentUsers, rebase, type Rebased, sameValue, userOf } from './rebase.ts'
import type { RecordContext } from './record-context.ts'
import type { FollowedRecord, RecordReader } from './record-reader.ts'

/** How often a request's changes are replayed before it gives up: enough for fifty writers at once, with room. */
export const MAX_REPLAYS = 200
/** The pause before a replay is random: at most so many milliseconds for each replay so far, and at most so many in all. */
const PAUSE_STEP = 2
const LONGEST_PAUSE = 32

/** What is done where another request was faster: this one's changes are replayed on what that wrote. */
export class CatchUp {
  readonly #context: RecordContext
  readonly #reader: RecordReader
  readonly #dumps = (value: unknown): string => this.#context.settings.serializer.dumps(value)

  constructor(context: RecordContext, reader: RecordReader) {
    this.#context = context
    this.#reader = reader
  }

  /**
   * What is stored by now of a session: under another id, where another request has rotated its key.
   *
   * @param stored What the session is based on.
   * @param replays How many there were before this one.
   */
  *find(stored: StoredRecord, replays: number): Steps<FollowedRecord> {
    const { settings, report } = this.#context
    report?.({ type: 'conflict', handle: handleOf(stored.key) })
    if (settings.onConflict === 'reject') {
      throw new SessionConflictError('the `onConflict` setting says to reject')
    }
    if (replays >= MAX_REPLAYS) {
      throw new SessionConflictError(
        `each of ${MAX_REPLAYS} replays found that yet another was faster`,
      )
    }
    yield this.#pause(replays)
    const found = yield* this.#reader.follow(stored.id)
    if (found === undefined) throw new SessionInterruptedError()
    return found
  }

  /** What a session is, once its changes are replayed on what is stored by now. */
  replay(state: RecordState, stored: StoredRecord, { payload: theirs }: FollowedRecord): Rebased {
    const { data, expiry, created, foreign, log, shared } = state
    const base = this.#baseOf(stored)
    const dumps = this.#dumps
    const mine = { data, expiry, created, foreign, log, shared, base, dumps }
    const merges = this.#context.settings.onConflict === 'merge'
    const overwritten = belongToDifferentUsers(mine, theirs.data) ? undefined : mine
    const replayed = merges ? rebase(mine, theirs) : overwritten
    if (replayed === undefined)
      throw new SessionInterruptedError('it belongs to another user by now')
    return replayed
  }

  /** Makes a session what is stored by now under the same key, its changes replayed on that. Returns what it is based on then. */
  adopt(state: RecordState, stored: StoredRecord, found: FollowedRecord): StoredRecord {
    state.adopt(this.replay(state, stored, found))
    const { id, text, record } = found
    const { version, expiresAt, data } = record
    const next = { key: stored.key, id, version, expiresAt, data, text }
    state.stored = next
    return next
  }

  /** Whether a user was logged in when the session was loaded, and the same one is now. */
  wasLoggedIn(state: RecordState, stored: StoredRecord): boolean {
    const user = userOf(this.#baseOf(stored))
    return user !== undefined && sameValue(user, userOf(state.data), this.#dumps)
  }

  /** The dictionary as it was loaded, or stored last. */
  #baseOf({ text, data }: StoredRecord): Dictionary {
    return text === undefined ? emptyDictionary() : this.#context.format.read(data).payload.data
  }

  #pause(replays: number): Promise<void> {
    const { random, sleep } = this.#context.settings
    const [byte = 0] = random(1)
    return sleep((byte / 256) * Math.min((replays + 1) * PAUSE_STEP, LONGEST_PAUSE))
  }
}
