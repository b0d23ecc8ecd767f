import { SessionConflictError, SessionInterruptedError } from './errors.ts'
import { emptyPayload, type Payload } from './payload.ts'
import { belongToDifferentUsers, rebase, sameValue, userOf } from './rebase.ts'
import type { FollowedRecord, RecordReader, Records } from './record-reader.ts'
import { handleOf } from './session-key.ts'
import type { RecordState, StoredRecord } from './state.ts'
import type { Steps } from './steps.ts'

/** How often a request's changes are replayed before it gives up: enough for fifty writers at once, with room. */
export const MOST_REPLAYS = 200
/** The pause before a replay is random: at most so many milliseconds for each replay so far, and at most so many in all. */
const PAUSE_STEP = 2
const LONGEST_PAUSE = 32

/** What is done where another request was faster: this one's changes are replayed on what that wrote. */
export class CatchUp {
  readonly #records: Records
  readonly #reader: RecordReader

  constructor(records: Records, reader: RecordReader) {
    this.#records = records
    this.#reader = reader
  }

  /**
   * Replays a session's changes on what is stored by now, to be saved once more.
   *
   * @param stored What the session was based on.
   * @param replays How many there were before this one.
   */
  *replay(state: RecordState, stored: StoredRecord, replays: number): Steps<void> {
    const { settings, report } = this.#records
    report?.({ type: 'conflict', handle: handleOf(stored.key) })
    if (settings.onConflict === 'reject') {
      throw new SessionConflictError('the `onConflict` setting says to reject')
    }
    if (replays >= MOST_REPLAYS) {
      throw new SessionConflictError(
        `each of ${MOST_REPLAYS} replays found that yet another was faster`,
      )
    }
    yield this.#pause(replays)
    const found = yield* this.#reader.follow(stored.id)
    if (found === undefined) throw new SessionInterruptedError()
    // A `flush()` may have come meanwhile.
    if (state.stored === stored) this.#replayOn(found, state, stored)
  }

  #pause(replays: number): Promise<void> {
    const { random, sleep } = this.#records.settings
    const [byte = 0] = random(1)
    return sleep((byte / 256) * Math.min((replays + 1) * PAUSE_STEP, LONGEST_PAUSE))
  }

  #replayOn(found: FollowedRecord, state: RecordState, stored: StoredRecord): void {
    const { settings, format } = this.#records
    const dumps = (value: unknown): string => settings.serializer.dumps(value)
    const user = userOf(state.data)
    const { payload: theirs, id, text } = found
    const base = stored.text === undefined ? emptyPayload() : format.read(stored.data).payload
    const replayed =
      settings.onConflict === 'merge'
        ? this.#merge(state, base.data, theirs)
        : !belongToDifferentUsers({ data: state.data, base: base.data, dumps }, theirs.data)
    if (!replayed) throw new SessionInterruptedError('it belongs to another user by now')
    const { version, expiresAt, data } = found.record
    const superseded = stored.superseded || id !== stored.id
    const now = userOf(state.data)
    const stranger =
      stored.stranger || (superseded && now !== undefined && !sameValue(now, user, dumps))
    state.stored = { key: stored.key, id, version, expiresAt, data, text, superseded, stranger }
  }

  /** False where the two belong to different users. */
  #merge(state: RecordState, base: Payload['data'], theirs: Payload): boolean {
    const { data, expiry, created, log, shared } = state
    const { serializer } = this.#records.settings
    const dumps = (value: unknown): string => serializer.dumps(value)
    const rebased = rebase({ data, expiry, created, log, shared, base, dumps }, theirs)
    if (rebased !== undefined) state.adopt(rebased)
    return rebased !== undefined
  }
}
