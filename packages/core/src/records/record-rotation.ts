import { SessionInterruptedError } from '../errors.ts'
import type { RecordState } from '../session/session-state.ts'
import type { StoredRecord } from '../session/stored.ts'
import { type Steps, wait } from '../steps.ts'
import type { CatchUp } from './catch-up.ts'
import type { Draft, EncodedRecord } from './record-format.ts'
import type { RecordContext } from './record-context.ts'
import type { FollowedRecord, RecordReader } from './record-reader.ts'
import type { RecordWriter } from './record-writer.ts'
import { markStored, revertSnapshot, type Snapshot, takeSnapshot, withRecord } from './snapshot.ts'

/** The store failed, and it is unknown whether it has carried out, or will carry out, the write. */
interface Unanswered {
  readonly error: unknown
}

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
  readonly #reader: RecordReader
  readonly #writer: RecordWriter
  readonly #catchUp: CatchUp

  constructor(context: RecordContext, parts: RotationParts) {
    this.#context = context
    this.#reader = parts.reader
    this.#writer = parts.writer
    this.#catchUp = parts.catchUp
  }

  /**
   * Stores the session under a new key, and replaces the old record by a marker that leads requests in flight to the new
   * one. If another request has changed the old record meanwhile, its changes are merged into the new one first.
   */
  *rotate(state: RecordState, draft: Draft): Steps<void> {
    const { format, settings, ids, report } = this.#context
    let snapshot = takeSnapshot(format, state, draft)
    let fresh = yield* this.#try(state, snapshot, wait(this.#writer.insert(snapshot.encoded)))
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
    const answer = yield* this.#retire(state, old, fresh.id)
    if (answer === 'missing') throw new SessionInterruptedError()
    if (answer === 'retired') return 'exchanged'
    if (answer !== 'conflict') return answer
    // A driver may have retried a write whose answer was lost: the conflict is then with this request's own marker.
    const rejects = this.#context.settings.onConflict === 'reject'
    if (rejects && (yield* this.#isReplaced(old.id, fresh.id))) return 'exchanged'
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

  /** Retires the old record. If the call fails, finds out whether it was carried out; if not, makes sure that it never will be. */
  *#retire(
    state: RecordState,
    old: StoredRecord,
    successor: string,
  ): Steps<'retired' | 'missing' | 'conflict' | Unanswered> {
    try {
      return yield* this.#replace(old, successor)
    } catch (error) {
      let replaced = yield* this.#isReplaced(old.id, successor)
      if (replaced === false) {
        const kept = yield* this.#saveUnchanged(state, old)
        if (kept === undefined) return { error }
        // After a conflict, either the marker was written just now, or it never will be.
        if (!kept) replaced = yield* this.#isReplaced(old.id, successor)
      }
      if (replaced) return 'retired'
      if (replaced === undefined) return { error }
      throw error
    }
  }

  /**
   * Replaces the old record by the marker. Deletes it instead if there is no grace period, or if `hashKeys` is false: the id in
   * the marker would then be the new key.
   */
  *#replace(old: StoredRecord, successor: string): Steps<'retired' | 'missing' | 'conflict'> {
    const { engine, format } = this.#context
    const { hashKeys, rotationGrace, clock } = this.#context.settings
    if (!hashKeys || rotationGrace === 0) {
      const answer = yield* wait(engine.delete(old.id, old.version))
      return answer === 'deleted' ? 'retired' : answer
    }
    const marker = format.marker(successor, clock.now() + rotationGrace * 1000)
    const answer = yield* wait(engine.save(old.id, marker, old.version))
    return answer.status === 'saved' ? 'retired' : answer.status
  }

  /** Whether the marker was written although the call failed. Undefined if the store fails again. */
  *#isReplaced(id: string, successor: string): Steps<boolean | undefined> {
    try {
      const record = yield* wait(this.#context.engine.load(id))
      return record !== undefined && this.#reader.read(record, id).payload.successor === successor
    } catch {
      // Already reported as an event; the caller gets the first error.
      return undefined
    }
  }

  /**
   * Gives the old record a new version, so that the marker cannot replace it any more: a store may carry out a write long
   * after the call has failed, for example when the statement waits for a lock. Returns false on a conflict, and undefined if
   * the store fails again.
   */
  *#saveUnchanged(state: RecordState, old: StoredRecord): Steps<boolean | undefined> {
    const { engine, format } = this.#context
    try {
      const answer = yield* wait(engine.save(old.id, format.unchanged(old), old.version))
      // `flush()` may have been called meanwhile.
      if (answer.status === 'saved' && state.stored === old) {
        state.stored = { ...old, version: answer.version }
      }
      return answer.status !== 'conflict'
    } catch {
      // Already reported as an event; the caller gets the first error.
      return undefined
    }
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
