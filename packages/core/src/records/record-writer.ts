import type { EngineCalls } from '../engine/engine-calls.ts'
import type { MaybePromise, Saved, SessionRecord } from '../engine/engine.ts'
import { SessionEngineError, SessionInterruptedError } from '../errors.ts'
import type { Report } from '../events.ts'
import { dueCookie } from '../session/due-cookie.ts'
import { newSessionKey, type SessionIds } from '../session/session-key.ts'
import type { RecordState } from '../session/session-state.ts'
import type { StoredRecord } from '../session/stored.ts'
import type { ResolvedSettings } from '../settings/settings.ts'
import { attempt, chain, run, type Steps, wait } from '../steps.ts'
import type { CatchUp } from './catch-up.ts'
import type { Draft, EncodedRecord, RecordFormat } from './record-format.ts'
import type { RecordContext } from './record-context.ts'
import type { FollowedRecord } from './record-reader.ts'
import { markStored, revertSnapshot, type Snapshot, takeSnapshot, withRecord } from './snapshot.ts'
import { Turns } from './turns.ts'

/** How many new keys are tried. A key has 165 random bits, so an engine that calls several in a row taken is broken. */
const MAX_KEYS = 3

/** Writes sessions to the engine without losing what other requests write at the same time. */
export class RecordWriter {
  readonly #settings: ResolvedSettings
  readonly #engine: EngineCalls
  readonly #format: RecordFormat
  readonly #report: Report
  readonly #catchUp: CatchUp
  readonly #ids: SessionIds
  readonly #turns = new Turns()

  constructor(context: RecordContext, catchUp: CatchUp) {
    this.#settings = context.settings
    this.#engine = context.engine
    this.#format = context.format
    this.#report = context.report
    this.#catchUp = catchUp
    this.#ids = context.ids
  }

  /** Stores a new session under a new key. */
  create(state: RecordState, draft: Draft): MaybePromise<void> {
    const snapshot = takeSnapshot(this.#format, state, draft)
    return attempt(
      () => this.insert(snapshot.encoded),
      (fresh) => {
        markStored(state, fresh, snapshot)
        this.#report?.({ type: 'created', handle: this.#ids.handleOf(fresh.id) })
      },
      (error) => {
        revertSnapshot(state, snapshot)
        throw error
      },
    )
  }

  /** Inserts a record under a new key. */
  insert({ record, text }: EncodedRecord, tries = 1): MaybePromise<StoredRecord> {
    const key = newSessionKey(this.#settings.random)
    const id = this.#ids.idOf(key)
    return chain(this.#engine.create(id, record), (answer) => {
      if (answer.status === 'saved') {
        const { version } = answer
        const { expiresAt, data } = record
        return { key, id, version, expiresAt, data, text }
      }
      if (tries === MAX_KEYS) throw this.#allTaken()
      return this.insert({ record, text }, tries + 1)
    })
  }

  /**
   * Stores the session. On a conflict, merges its changes with what others have stored. Never revives a deleted record. Returns
   * false if there was a conflict and `cycleKey()` was called meanwhile: nothing was stored, since what the application set
   * after that, such as the user's id, belongs under the new key alone.
   */
  save(state: RecordState, draft: Draft): MaybePromise<boolean> {
    const { stored } = state
    if (stored === undefined) return true
    const snapshot = takeSnapshot(this.#format, state, draft)
    const { encoded } = snapshot
    return attempt(
      () => this.#engine.save(stored.id, encoded.record, stored.version),
      (answer) => {
        if (answer.status === 'saved') {
          markStored(state, withRecord(stored, answer.version, encoded), snapshot)
          return true
        }
        revertSnapshot(state, snapshot)
        if (answer.status === 'missing') throw new SessionInterruptedError()
        return this.saveAgain(state, stored, true)
      },
      (error) => {
        revertSnapshot(state, snapshot)
        throw error
      },
    )
  }

  /**
   * Replays the session's changes on what others have stored, and saves again, until a save meets no conflict.
   *
   * @param givesWay Whether to store nothing, and return false, once `cycleKey()` was called.
   */
  saveAgain(state: RecordState, stored: StoredRecord, givesWay = false): MaybePromise<boolean> {
    return this.#turns.take(stored.id, () => run(this.#replay(state, stored, givesWay)))
  }

  *#replay(state: RecordState, stored: StoredRecord, givesWay: boolean): Steps<boolean> {
    let base = stored
    for (let replays = 0; ; replays++) {
      const found = yield* this.#catchUp.find(base, replays)
      // `flush()` may have been called meanwhile.
      if (state.stored !== base) return true
      if (givesWay && state.log.rotated) return false
      if (found.id !== base.id) {
        if (yield* this.#saveBehind(state, base, found)) return true
        continue
      }
      base = this.#catchUp.adopt(state, base, found)
      const snapshot = takeSnapshot(this.#format, state, { now: this.#settings.clock.now() })
      const { encoded } = snapshot
      const version = yield* this.#update(state, snapshot, found, encoded.record)
      if (version !== undefined) {
        markStored(state, withRecord(base, version, encoded), snapshot)
        return true
      }
    }
  }

  /**
   * Stores the session's changes in the record to which another request has rotated it. This request keeps the old key, and
   * learns neither the new key nor the data stored under it: whoever knew the old key must not see what came after. Returns
   * false on another conflict.
   */
  *#saveBehind(state: RecordState, stored: StoredRecord, found: FollowedRecord): Steps<boolean> {
    const replayed = this.#catchUp.replay(state, stored, found)
    const draft = { now: this.#settings.clock.now() }
    const { record } = this.#format.record({ ...replayed, origin: state.origin }, draft)
    const snapshot = takeSnapshot(this.#format, state, draft)
    const version = yield* this.#update(state, snapshot, found, record)
    if (version === undefined) return false
    state.written = undefined
    // The other request's response sets the cookie.
    state.due = undefined
    const { data } = snapshot.encoded.record
    if (state.stored === stored) state.stored = { ...stored, data, text: snapshot.encoded.text }
    return true
  }

  /** Overwrites the record that was found, and returns its version; undefined on another conflict. */
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
      if (answer?.status !== 'saved') revertSnapshot(state, snapshot)
    }
    if (answer.status === 'missing') throw new SessionInterruptedError()
    return answer.status === 'saved' ? answer.version : undefined
  }

  /** Moves the deadline. On a conflict, the deadline that the other request set stays. */
  touch(state: RecordState, now: number, resends: boolean): MaybePromise<void> {
    const { stored } = state
    if (stored === undefined) return undefined
    const renewed = this.#format.renewed(state, stored, now)
    const { record } = renewed
    const write = record.data === stored.data ? this.#engine.touch : this.#engine.save
    return chain(write(stored.id, record, stored.version), (answer) => {
      if (answer.status !== 'saved' || state.stored !== stored) return
      state.stored = withRecord(stored, answer.version, renewed)
      if (resends) state.due = dueCookie(state, record.expiresAt, now)
    })
  }

  #allTaken(): SessionEngineError {
    const reason = `it reported ${MAX_KEYS} new random keys in a row as taken`
    const engine = this.#settings.engine.name ?? 'session'
    return new SessionEngineError({ engine, operation: 'create', reason })
  }
}
