import { SessionInterruptedError } from '../errors.ts'
import type { RecordState } from '../session/session-state.ts'
import type { StoredRecord } from '../session/stored.ts'
import { type Steps, wait } from '../steps.ts'
import type { CatchUp } from './catch-up.ts'
import type { Draft, EncodedRecord } from './record-format.ts'
import type { RecordContext } from './record-context.ts'
import type { FollowedRecord, RecordReader } from './record-reader.ts'
import type { RecordWriter } from './record-writer.ts'
import { RecordRetirement, type Unanswered } from './record-retirement.ts'
import { markStored, revertSnapshot, type Snapshot, takeSnapshot, withRecord } from './snapshot.ts'

interface RotationParts {
  readonly reader: RecordReader
  readonly writer: RecordWriter
  readonly catchUp: CatchUp
}

/** A rotation in progress. */
interface Exchange {
  /** The record under the old key. */
  readonly old: StoredRecord
  /** The record under the new key. */
  readonly fresh: StoredRecord
  /** How many conflicts the rotation has met so far. */
  readonly replays: number
}

/** Rotates session keys while requests with the old key may be in flight. */
export class RecordRotation {
  readonly #context: RecordContext
  readonly #writer: RecordWriter
  readonly #catchUp: CatchUp
  readonly #retirement: RecordRetirement

  constructor(context: RecordContext, parts: RotationParts) {
    this.#context = context
    this.#writer = parts.writer
    this.#catchUp = parts.catchUp
    this.#retirement = new RecordRetirement(context, parts.reader)
  }

  /**
   * Stores the session under a new key, and replaces the old record by a marker that leads requests in flight to the new
   * one. If another request has changed the old record meanwhile, its changes are merged into the new one first.
   */
  *rotate(state: RecordState, draft: Draft): Steps<void> {
    const { format, settings, ids, report } = this.#context
    let snapshot = takeSnapshot(format, state, draft)
    let fresh = yield* this.#try(state, snapshot, this.#insert(snapshot.encoded))
    let unanswered: Unanswered | undefined
    try {
      for (let replays = 0; state.stored !== undefined; replays++) {
        const old = state.stored
        const outcome = yield* this.#try(
          state,
          snapshot,
          this.#exchange(state, { old, fresh, replays }),
        )
        if (outcome === 'exchanged') {
          markStored(state, fresh, snapshot)
          report?.({ type: 'rotated', handle: ids.handleOf(fresh.id) })
          return
        }
        revertSnapshot(state, snapshot)
        if (outcome === 'elsewhere') break
        if ('error' in outcome) {
          unanswered = outcome
          state.unanswered = fresh
          throw outcome.error
        }
        // `flush()` may have been called meanwhile.
        if (state.stored !== old) break
        this.#adopt(state, old, outcome)
        const next = takeSnapshot(format, state, { now: settings.clock.now() })
        fresh = yield* this.#try(state, next, this.#update(fresh, next.encoded))
        snapshot = next
      }
    } catch (error) {
      // If the marker may have been written, or may yet be, the new record may be all that is left of the session.
      if (unanswered === undefined) yield* this.#discard(fresh)
      throw error
    }
    yield* this.#discard(fresh)
    if (state.stored !== undefined) yield* wait(this.#writer.saveAgain(state, state.stored))
  }

  /**
   * Tries to retire the old record. Returns `'exchanged'` if the new record is now this request's session, or the old record
   * if another request has changed it meanwhile, or the record that an earlier, unanswered rotation of this request has created.
   * Returns `'elsewhere'` if this request's changes belong in the session that another request's rotation has created.
   *
   * If another request has rotated the same key, this request still gets a session of its own, as in Django: of two concurrent
   * logins, neither may lead into the other's session. The exception is a user who was logged in before both: the changes then
   * go to the other request's session, whose key the client gets.
   */
  *#exchange(
    state: RecordState,
    { old, fresh, replays }: Exchange,
  ): Steps<'exchanged' | 'elsewhere' | FollowedRecord | Unanswered> {
    const answer = yield* this.#retirement.retire(state, old, fresh.id)
    if (answer === 'missing') throw new SessionInterruptedError()
    if (answer === 'retired') return 'exchanged'
    if (answer !== 'conflict') return answer
    // A driver may have retried a write whose answer was lost: the conflict is then with this request's own marker.
    const rejects = this.#context.settings.onConflict === 'reject'
    if (rejects && (yield* this.#retirement.isReplaced(old.id, fresh.id))) return 'exchanged'
    const found = yield* this.#catchUp.find(old, replays)
    if (found.id === old.id || found.id === state.unanswered?.id) return found
    const isOwn = found.id === fresh.id
    return isOwn || !this.#catchUp.wasLoggedIn(state, old) ? 'exchanged' : 'elsewhere'
  }

  /** Takes over the record that was found, with the changes replayed on it. */
  #adopt(state: RecordState, old: StoredRecord, found: FollowedRecord): void {
    const { unanswered } = state
    const own = found.id === unanswered?.id ? unanswered : undefined
    const { data, version } = found.record
    // It holds this request's changes already: `modify` must not be counted twice.
    if (own?.data === data) state.stored = { ...own, version }
    else this.#catchUp.adopt(state, { ...old, key: own?.key ?? old.key }, found)
  }

  *#try<Answer>(state: RecordState, snapshot: Snapshot, steps: Steps<Answer>): Steps<Answer> {
    try {
      return yield* steps
    } catch (error) {
      revertSnapshot(state, snapshot)
      throw error
    }
  }

  *#insert(encoded: EncodedRecord): Steps<StoredRecord> {
    return yield* wait(this.#writer.insert(encoded))
  }

  *#update(fresh: StoredRecord, encoded: EncodedRecord): Steps<StoredRecord> {
    const { engine } = this.#context
    const answer = yield* wait(engine.save(fresh.id, encoded.record, fresh.version))
    if (answer.status !== 'saved') throw new SessionInterruptedError()
    return withRecord(fresh, answer.version, encoded)
  }

  /** Deletes the new record. If this fails too, the record stays until it expires, under a key that nobody knows. */
  *#discard(fresh: StoredRecord): Steps<void> {
    try {
      yield* wait(this.#context.engine.delete(fresh.id))
    } catch {
      // Already reported as an event; the caller gets the first error.
    }
  }
}
