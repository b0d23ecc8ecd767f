import { type CatchUp, MOST_REPLAYS } from './catch-up.ts'
import type { ChangeLog } from './change-log.ts'
import type { EngineCalls } from './engine-calls.ts'
import { SessionEngineError, SessionInterruptedError } from './errors.ts'
import type { Report } from './events.ts'
import type { EncodedRecord, RecordFormat } from './record.ts'
import type { RecordReader, Records } from './record-reader.ts'
import { handleOfId, newSessionKey } from './session-key.ts'
import type { ResolvedSettings } from './settings.ts'
import type { RecordState, StoredRecord } from './state.ts'
import type { Steps } from './steps.ts'
import { type Draft, dueCookie, type StorePlan } from './store.ts'

/** A new key has 165 random bits: where several are taken in a row, the engine does not do what it says. */
const MOST_KEYS = 3

/** What a session is about to be stored as, and the log of what that stores. */
interface Snapshot {
  readonly encoded: EncodedRecord
  readonly log: ChangeLog
  readonly now: number
}

/** A write that may have been carried out or not: the store fails, and does not say. */
interface Unanswered {
  readonly error: unknown
}

/** What a writer goes by beside the records. */
interface WriterPort {
  readonly reader: RecordReader
  readonly catchUp: CatchUp
  /** The id under which the engine knows a session key. */
  readonly idOf: (key: string) => string
}

/** Writes sessions to the engine in such a way that nothing is lost that another request writes at the same time. */
export class RecordWriter {
  readonly #settings: ResolvedSettings
  readonly #engine: EngineCalls
  readonly #format: RecordFormat
  readonly #report: Report
  readonly #reader: RecordReader
  readonly #catchUp: CatchUp
  readonly #idOf: (key: string) => string

  constructor(records: Records, port: WriterPort) {
    this.#settings = records.settings
    this.#engine = records.engine
    this.#format = records.format
    this.#report = records.report
    this.#reader = port.reader
    this.#catchUp = port.catchUp
    this.#idOf = port.idOf
  }

  /** Stores a session that has no record, under a new key. */
  *create(state: RecordState, draft: Draft): Steps<void> {
    const snapshot = this.#snapshot(state, draft)
    const fresh = yield* this.#try(state, snapshot, this.#insert(snapshot.encoded))
    this.#install(state, fresh, snapshot)
    this.#report?.({ type: 'created', handle: this.#handleOf(fresh.id) })
  }

  /** Stores what the request changed, on top of what others stored meanwhile. Never brings a deleted record back. */
  *save(state: RecordState, first: Draft): Steps<void> {
    let draft = first
    for (let replays = 0; state.stored !== undefined; replays++) {
      const stored = state.stored
      const snapshot = this.#snapshot(state, draft)
      const saving = this.#engine.save(stored.id, snapshot.encoded.record, stored.version)
      const answer = yield* this.#try(state, snapshot, saving)
      if (answer.status === 'saved') {
        return this.#install(state, withRecord(stored, answer.version, snapshot.encoded), snapshot)
      }
      putBack(state, snapshot)
      if (answer.status === 'missing') throw new SessionInterruptedError()
      yield* this.#catchUp.replay(state, stored, replays)
      draft = this.#redraft()
    }
  }

  /**
   * Stores the session under a new key, and puts a marker in the place of the old record that leads requests in flight to
   * the new one. What others stored in the old record meanwhile goes to the new one first.
   */
  *rotate(state: RecordState, draft: Draft): Steps<void> {
    let snapshot = this.#snapshot(state, draft)
    let fresh = yield* this.#try(state, snapshot, this.#insert(snapshot.encoded))
    let unanswered: Unanswered | undefined
    try {
      for (let replays = 0; state.stored !== undefined; replays++) {
        const old = state.stored
        if (old.stranger) {
          // The new key would open the session of a user whose login had taken the old one away.
          putBack(state, snapshot)
          throw new SessionInterruptedError('a user logged in under another key')
        }
        const answer = yield* this.#try(state, snapshot, this.#retire(old, fresh.id))
        if (answer === 'retired') {
          this.#install(state, fresh, snapshot)
          this.#report?.({ type: 'rotated', handle: this.#handleOf(fresh.id) })
          return
        }
        putBack(state, snapshot)
        if (answer === 'missing') throw new SessionInterruptedError()
        if (typeof answer === 'object') {
          unanswered = answer
          throw answer.error
        }
        yield* this.#catchUp.replay(state, old, replays)
        const next = this.#snapshot(state, this.#redraft())
        fresh = yield* this.#try(state, next, this.#update(fresh, next.encoded))
        snapshot = next
      }
      yield* this.#discard(fresh)
    } catch (error) {
      // Where the marker may be there, the new record is all that is left of the session.
      if (unanswered === undefined) yield* this.#discard(fresh)
      throw error
    }
  }

  /** Moves the deadline. Where another request was faster, that one's holds. */
  *touch(state: RecordState, { now, cookie }: StorePlan): Steps<void> {
    const { stored } = state
    if (stored === undefined) return
    const record = this.#format.touched(state, stored.data, now)
    const answer = yield* this.#engine.touch(stored.id, record, stored.version)
    if (answer.status !== 'saved' || state.stored !== stored) return
    state.stored = { ...stored, version: answer.version, expiresAt: record.expiresAt }
    if (cookie === 'set' && !stored.superseded) state.due = dueCookie(state, record.expiresAt, now)
  }

  /**
   * Deletes the record that an id leads to, whoever is writing to it: a version that is not the stored one any more is
   * looked up, and a marker is followed. Resolves whether there was one.
   */
  *end(id: string, version?: string): Steps<boolean> {
    let current = id
    let expected = version
    for (let tries = 0; tries < MOST_REPLAYS; tries++) {
      if (expected === undefined) {
        const found = yield* this.#reader.follow(current)
        if (found === undefined) return false
        current = found.id
        expected = found.record.version
      }
      const answer = yield* this.#engine.delete(current, expected)
      if (answer === 'deleted') {
        this.#report?.({ type: 'ended', handle: this.#handleOf(current) })
      }
      if (answer !== 'conflict') return answer === 'deleted'
      expected = undefined
    }
    return (yield* this.#engine.delete(current)) === 'deleted'
  }

  #handleOf(id: string): string {
    return handleOfId(id, this.#settings.hashKeys)
  }

  #snapshot(state: RecordState, draft: Draft): Snapshot {
    const encoded = this.#format.record(state, draft)
    return { encoded, log: state.takeLog(), now: draft.now }
  }

  #redraft(): Draft {
    return { now: this.#settings.clock.now() }
  }

  *#try<Answer>(state: RecordState, snapshot: Snapshot, steps: Steps<Answer>): Steps<Answer> {
    try {
      return yield* steps
    } catch (error) {
      putBack(state, snapshot)
      throw error
    }
  }

  *#insert({ record, text }: EncodedRecord): Steps<StoredRecord> {
    for (let tries = 0; tries < MOST_KEYS; tries++) {
      const key = newSessionKey(this.#settings.random)
      const id = this.#idOf(key)
      const answer = yield* this.#engine.create(id, record)
      if (answer.status === 'saved') {
        const { expiresAt, data } = record
        return {
          key,
          id,
          version: answer.version,
          expiresAt,
          data,
          text,
          superseded: false,
          stranger: false,
        }
      }
    }
    const reason = `it called ${MOST_KEYS} new random keys in a row taken`
    const engine = this.#settings.engine.name ?? 'session'
    throw new SessionEngineError({ engine, operation: 'create', reason })
  }

  /** The session is stored. Where `flush()` came while it was written, the record is one more to delete. */
  #install(state: RecordState, stored: StoredRecord, snapshot: Snapshot): void {
    if (state.flushDue) {
      state.abandoned = [...state.abandoned, stored]
      return
    }
    state.stored = stored
    if (!stored.superseded) state.due = dueCookie(state, stored.expiresAt, snapshot.now)
  }

  *#retire(
    old: StoredRecord,
    successor: string,
  ): Steps<'retired' | 'missing' | 'conflict' | Unanswered> {
    const { hashKeys, rotationGrace, clock } = this.#settings
    if (!hashKeys || rotationGrace === 0) {
      const answer = yield* this.#engine.delete(old.id, old.version)
      return answer === 'deleted' ? 'retired' : answer
    }
    const marker = this.#format.marker(successor, clock.now() + rotationGrace * 1000)
    try {
      const answer = yield* this.#engine.save(old.id, marker, old.version)
      return answer.status === 'saved' ? 'retired' : answer.status
    } catch (error) {
      const leads = yield* this.#leadsTo(old.id, successor)
      if (leads === undefined) return { error }
      if (leads) return 'retired'
      throw error
    }
  }

  /** Whether the marker is there: a store may have done what it could not say any more. Undefined where it says nothing. */
  *#leadsTo(id: string, successor: string): Steps<boolean | undefined> {
    try {
      const record = yield* this.#engine.load(id)
      return record !== undefined && this.#reader.read(record, id).payload.successor === successor
    } catch {
      // Reported as an event; the caller gets the error that came first.
      return undefined
    }
  }

  *#update(fresh: StoredRecord, encoded: EncodedRecord): Steps<StoredRecord> {
    const answer = yield* this.#engine.save(fresh.id, encoded.record, fresh.version)
    if (answer.status !== 'saved') throw new SessionInterruptedError()
    return withRecord(fresh, answer.version, encoded)
  }

  /** The new key was handed to nobody. Should this fail as well, it stays unknown until it expires. */
  *#discard(fresh: StoredRecord): Steps<void> {
    try {
      yield* this.#engine.delete(fresh.id)
    } catch {
      // Reported as an event; the caller gets the error that came first.
    }
  }
}

function withRecord(
  stored: StoredRecord,
  version: string,
  { record, text }: EncodedRecord,
): StoredRecord {
  const { key, id, superseded, stranger } = stored
  const { expiresAt, data } = record
  return { key, id, version, expiresAt, data, text, superseded, stranger }
}

/** What was not stored after all counts as not stored. */
function putBack(state: RecordState, snapshot: Snapshot): void {
  state.log = snapshot.log.followedBy(state.log)
}
