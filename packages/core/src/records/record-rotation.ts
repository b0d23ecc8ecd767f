import { SessionInterruptedError } from '../errors.ts'
import type { RecordState, StoredRecord } from '../session/session-state.ts'
import { type Steps, wait } from '../steps.ts'
import type { CatchUp } from './catch-up.ts'
import type { Draft, EncodedRecord } from './record-format.ts'
import type { RecordContext } from './record-context.ts'
import type { FollowedRecord, RecordReader } from './record-reader.ts'
import type { RecordWriter } from './record-writer.ts'
import { markStored, putBack, type Snapshot, takeSnapshot, withRecord } from './snapshot.ts'

/** A write that may have been carried out or not: the store fails, and does not say. */
interface Unanswered {
  readonly error: unknown
}

/** What a rotation reads, writes and catches up with. */
interface RotationParts {
  readonly reader: RecordReader
  readonly writer: RecordWriter
  readonly catchUp: CatchUp
}

/** An old key, the fresh one, and how often others were faster so far. */
interface Exchange {
  readonly old: StoredRecord
  readonly fresh: StoredRecord
  readonly replays: number
}

/** Exchanges the keys of sessions, while other requests may still come with the old ones. */
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
   * Stores the session under a new key, and puts a marker in the place of the old record that leads requests in flight to
   * the new one. What others stored in the old record meanwhile goes to the new one first.
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
        putBack(state, snapshot)
        if (outcome === 'elsewhere') break
        if ('error' in outcome) {
          unanswered = outcome
          throw outcome.error
        }
        // A `flush()` may have come meanwhile.
        if (state.stored !== old) break
        this.#catchUp.adopt(state, old, outcome)
        const next = takeSnapshot(format, state, { now: settings.clock.now() })
        fresh = yield* this.#try(state, next, this.#update(fresh, next.encoded))
        snapshot = next
      }
    } catch (error) {
      // Where the marker may be there, or come, the new record is all that is left of the session.
      if (unanswered === undefined) yield* this.#discard(fresh)
      throw error
    }
    yield* this.#discard(fresh)
    if (state.stored !== undefined) yield* wait(this.#writer.saveAgain(state, state.stored))
  }

  /**
   * Exchanges an old key for a fresh one. Otherwise, this says what others did: what they stored under the old key, or that
   * the session is elsewhere.
   *
   * Where another request has rotated the key, this one parts with it, as in Django: its session, as it knows it, gets a key
   * of its own. Of two logins at once, neither must lead into the session of the other. One whose user was logged in all
   * along does not part: its changes go to where the session is now, whose key the client was sent.
   */
  *#exchange(
    state: RecordState,
    { old, fresh, replays }: Exchange,
  ): Steps<'exchanged' | 'elsewhere' | FollowedRecord | Unanswered> {
    const answer = yield* this.#retire(state, old, fresh.id)
    if (answer === 'missing') throw new SessionInterruptedError()
    if (answer === 'retired') return 'exchanged'
    if (answer !== 'conflict') return answer
    const found = yield* this.#catchUp.find(old, replays)
    if (found.id === old.id) return found
    // The store's client may have sent once more what it got no answer to: then the conflict is with itself.
    const isOwn = found.id === fresh.id
    return isOwn || !this.#catchUp.wasLoggedIn(state, old) ? 'exchanged' : 'elsewhere'
  }

  *#try<Answer>(state: RecordState, snapshot: Snapshot, steps: Steps<Answer>): Steps<Answer> {
    try {
      return yield* steps
    } catch (error) {
      putBack(state, snapshot)
      throw error
    }
  }

  *#retire(
    state: RecordState,
    old: StoredRecord,
    successor: string,
  ): Steps<'retired' | 'missing' | 'conflict' | Unanswered> {
    try {
      return yield* this.#replace(old, successor)
    } catch (error) {
      const leads = yield* this.#leadsTo(old.id, successor)
      if (leads) return 'retired'
      if (leads === undefined || !(yield* this.#saveUnchanged(state, old))) return { error }
      throw error
    }
  }

  /** Puts the marker in the place of the old record, or nothing, where there is no grace. */
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

  /** Whether the marker is there: a store may have done what it could not say any more. Undefined where it says nothing. */
  *#leadsTo(id: string, successor: string): Steps<boolean | undefined> {
    try {
      const record = yield* wait(this.#context.engine.load(id))
      return record !== undefined && this.#reader.read(record, id).payload.successor === successor
    } catch {
      // Reported as an event; the caller gets the error that came first.
      return undefined
    }
  }

  /**
   * Gives the old record another version, for a store may still carry out later what it has not answered: a statement that
   * waits for a lock, for example. Returns whether it is certain now that the old record stays.
   */
  *#saveUnchanged(state: RecordState, old: StoredRecord): Steps<boolean> {
    const { engine, format } = this.#context
    try {
      const answer = yield* wait(engine.save(old.id, format.unchanged(old), old.version))
      if (answer.status === 'saved') state.stored = { ...old, version: answer.version }
      return answer.status !== 'conflict'
    } catch {
      // Reported as an event; the caller gets the error that came first.
      return false
    }
  }

  *#update(fresh: StoredRecord, encoded: EncodedRecord): Steps<StoredRecord> {
    const { engine } = this.#context
    const answer = yield* wait(engine.save(fresh.id, encoded.record, fresh.version))
    if (answer.status !== 'saved') throw new SessionInterruptedError()
    return withRecord(fresh, answer.version, encoded)
  }

  /** The new key was handed to nobody. Should this fail as well, it stays unknown until it expires. */
  *#discard(fresh: StoredRecord): Steps<void> {
    try {
      yield* wait(this.#context.engine.delete(fresh.id))
    } catch {
      // Reported as an event; the caller gets the error that came first.
    }
  }
}
