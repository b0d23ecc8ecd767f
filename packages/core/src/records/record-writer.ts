import type { EngineCalls } from '../engine/engine-calls.ts'
import type { MaybePromise, Saved, SessionRecord } from '../engine/engine.ts'
import { SessionEngineError, SessionInterruptedError } from '../errors.ts'
import type { Report } from '../events.ts'
import { newSessionKey, type SessionIds } from '../session/session-key.ts'
import { dueCookie, type RecordState, type StoredRecord } from '../session/session-state.ts'
import type { ResolvedSettings } from '../settings/settings.ts'
import { after, attempt, run, type Steps, wait } from '../steps.ts'
import { type CatchUp, MAX_REPLAYS } from './catch-up.ts'
import type { Draft, EncodedRecord, RecordFormat } from './record-format.ts'
import type { RecordContext } from './record-context.ts'
import type { FollowedRecord, RecordReader } from './record-reader.ts'
import { markStored, putBack, type Snapshot, takeSnapshot, withRecord } from './snapshot.ts'
import { Turns } from './turns.ts'

/** A new key has 165 random bits: where several are taken in a row, the engine does not do what it says. */
const MAX_KEYS = 3

/** What a writer reads and catches up with. */
interface WriterParts {
  readonly reader: RecordReader
  readonly catchUp: CatchUp
}

/** Writes sessions to the engine in such a way that nothing is lost that another request writes at the same time. */
export class RecordWriter {
  readonly #settings: ResolvedSettings
  readonly #engine: EngineCalls
  readonly #format: RecordFormat
  readonly #report: Report
  readonly #reader: RecordReader
  readonly #catchUp: CatchUp
  readonly #ids: SessionIds
  readonly #turns = new Turns()

  constructor(context: RecordContext, parts: WriterParts) {
    this.#settings = context.settings
    this.#engine = context.engine
    this.#format = context.format
    this.#report = context.report
    this.#reader = parts.reader
    this.#catchUp = parts.catchUp
    this.#ids = context.ids
  }

  /** Stores a session that has no record, under a new key. */
  create(state: RecordState, draft: Draft): MaybePromise<void> {
    const snapshot = takeSnapshot(this.#format, state, draft)
    return attempt(
      () => this.insert(snapshot.encoded),
      (fresh) => {
        markStored(state, fresh, snapshot)
        this.#report?.({ type: 'created', handle: this.#ids.handleOf(fresh.id) })
      },
      (error) => {
        putBack(state, snapshot)
        throw error
      },
    )
  }

  /** Makes a record under a new key. */
  insert({ record, text }: EncodedRecord, tries = 1): MaybePromise<StoredRecord> {
    const key = newSessionKey(this.#settings.random)
    const id = this.#ids.idOf(key)
    return after(this.#engine.create(id, record), (answer) => {
      if (answer.status === 'saved') {
        const { version } = answer
        const { expiresAt, data } = record
        return { key, id, version, expiresAt, data, text }
      }
      if (tries === MAX_KEYS) throw this.#allTaken()
      return this.insert({ record, text }, tries + 1)
    })
  }

  /** Stores what the request changed, on top of what others stored meanwhile. Never brings a deleted record back. */
  save(state: RecordState, draft: Draft): MaybePromise<void> {
    const { stored } = state
    if (stored === undefined) return undefined
    const snapshot = takeSnapshot(this.#format, state, draft)
    const { encoded } = snapshot
    return attempt(
      () => this.#engine.save(stored.id, encoded.record, stored.version),
      (answer) => {
        if (answer.status === 'saved') {
          return markStored(state, withRecord(stored, answer.version, encoded), snapshot)
        }
        putBack(state, snapshot)
        if (answer.status === 'missing') throw new SessionInterruptedError()
        return this.saveAgain(state, stored)
      },
      (error) => {
        putBack(state, snapshot)
        throw error
      },
    )
  }

  /** Replays a session's changes on what others stored meanwhile and stores that, until nobody else is faster. */
  saveAgain(state: RecordState, stored: StoredRecord): MaybePromise<void> {
    return this.#turns.take(stored.id, () => run(this.#replay(state, stored)))
  }

  *#replay(state: RecordState, stored: StoredRecord): Steps<void> {
    let base = stored
    for (let replays = 0; ; replays++) {
      const found = yield* this.#catchUp.find(base, replays)
      // A `flush()` may have come meanwhile.
      if (state.stored !== base) return
      if (found.id !== base.id) {
        if (yield* this.#saveBehind(state, base, found)) return
        continue
      }
      base = this.#catchUp.adopt(state, base, found)
      const snapshot = takeSnapshot(this.#format, state, { now: this.#settings.clock.now() })
      const { encoded } = snapshot
      const version = yield* this.#update(state, snapshot, found, encoded.record)
      if (version !== undefined) {
        markStored(state, withRecord(base, version, encoded), snapshot)
        return
      }
    }
  }

  /**
   * Stores a session's changes in what another request has put under a new key. This one is left with the old key, and gets
   * to know neither the new one nor what is stored there: who knew the old one is not to know what came after it.
   */
  *#saveBehind(state: RecordState, stored: StoredRecord, found: FollowedRecord): Steps<boolean> {
    const replayed = this.#catchUp.replay(state, stored, found)
    const draft = { now: this.#settings.clock.now() }
    const { record } = this.#format.record({ ...replayed, origin: state.origin }, draft)
    const snapshot = takeSnapshot(this.#format, state, draft)
    const version = yield* this.#update(state, snapshot, found, record)
    if (version === undefined) return false
    state.written = undefined
    // The client is about to get the other request's cookie, or has it.
    state.due = undefined
    const { data } = snapshot.encoded.record
    if (state.stored === stored) state.stored = { ...stored, data, text: snapshot.encoded.text }
    return true
  }

  /** Overwrites what was found. Undefined where yet another request was faster. */
  *#update(
    state: RecordState,
    snapshot: Snapshot,
    { id, record: { version } }: FollowedRecord,
    record: SessionRecord,
  ): Steps<string | undefined> {
    let answer: Saved | undefined
    try {
      answer = yield* wait(this.#engine.save(id, record, version))
    } finally {
      if (answer?.status !== 'saved') putBack(state, snapshot)
    }
    if (answer.status === 'missing') throw new SessionInterruptedError()
    return answer.status === 'saved' ? answer.version : undefined
  }

  /** Moves the deadline, and sends the cookie again or not. If another request was faster, that one's deadline holds. */
  touch(state: RecordState, now: number, resends: boolean): MaybePromise<void> {
    const { stored } = state
    if (stored === undefined) return undefined
    const record = this.#format.touched(state, stored.data, now)
    return after(this.#engine.touch(stored.id, record, stored.version), (answer) => {
      if (answer.status !== 'saved' || state.stored !== stored) return
      state.stored = { ...stored, version: answer.version, expiresAt: record.expiresAt }
      if (resends) state.due = dueCookie(state, record.expiresAt, now)
    })
  }

  /**
   * Deletes the record that an id leads to, whoever is writing to it: a version that is not the stored one any more is
   * looked up, and a marker is followed. Resolves whether there was one.
   */
  *end(id: string, version?: string): Steps<boolean> {
    let current = id
    let expected = version
    for (let tries = 0; tries < MAX_REPLAYS; tries++) {
      if (expected === undefined) {
        const found = yield* this.#reader.follow(current)
        if (found === undefined) return false
        current = found.id
        expected = found.record.version
      }
      const answer = yield* wait(this.#engine.delete(current, expected))
      if (answer === 'deleted') {
        this.#report?.({ type: 'ended', handle: this.#ids.handleOf(current) })
      }
      if (answer !== 'conflict') return answer === 'deleted'
      expected = undefined
    }
    return (yield* wait(this.#engine.delete(current))) === 'deleted'
  }

  #allTaken(): SessionEngineError {
    const reason = `it called ${MAX_KEYS} new random keys in a row taken`
    const engine = this.#settings.engine.name ?? 'session'
    return new SessionEngineError({ engine, operation: 'create', reason })
  }
}
