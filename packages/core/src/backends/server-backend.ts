import { MAX_CANDIDATES, sessionCookies } from '../cookies/session-cookies.ts'
import { type EngineCalls, engineCalls } from '../engine/engine-calls.ts'
import type { LoadedRecord, MaybePromise, SessionEngine } from '../engine/engine.ts'
import { SessionCommittedError, SessionNotLoadedError } from '../errors.ts'
import type { Report } from '../events.ts'
import { CatchUp } from '../records/catch-up.ts'
import { RecordFormat } from '../records/record-format.ts'
import { RecordReader } from '../records/record-reader.ts'
import { RecordRotation } from '../records/record-rotation.ts'
import { RecordWriter } from '../records/record-writer.ts'
import { absoluteLimit } from '../session/expiry.ts'
import { isSessionKey, type SessionIds, sessionIds } from '../session/session-key.ts'
import type { RecordState } from '../session/session-state.ts'
import type { StoredRecord } from '../session/stored.ts'
import type { ResolvedSettings } from '../settings/settings.ts'
import { chain, isPromise, run, type Steps, wait } from '../steps.ts'
import { type BackendPlan, planFor, storesNothing } from './backend-plan.ts'
import type { SessionBackend } from './backend.ts'

/** Stores sessions on the server, through a `SessionEngine`. */
export class ServerBackend implements SessionBackend {
  readonly #settings: ResolvedSettings
  readonly #report: Report
  readonly #ids: SessionIds
  readonly #engine: EngineCalls
  readonly #reader: RecordReader
  readonly #writer: RecordWriter
  readonly #rotation: RecordRotation

  constructor(settings: ResolvedSettings, engine: SessionEngine, report: Report) {
    this.#settings = settings
    this.#report = report
    const ids = sessionIds(settings)
    this.#ids = ids
    this.#engine = engineCalls({ settings, ids, engine, report })
    const format = new RecordFormat(settings)
    const records = { settings, ids, engine: this.#engine, format, report }
    const reader = new RecordReader(records)
    const catchUp = new CatchUp(records, reader)
    const writer = new RecordWriter(records, { reader, catchUp })
    this.#reader = reader
    this.#writer = writer
    this.#rotation = new RecordRotation(records, { reader, writer, catchUp })
  }

  async idsOf(session: RecordState | string): Promise<readonly string[]> {
    if (typeof session === 'object') await this.#written(session)
    const ids = this.#idsNamedBy(session)
    const found = await Promise.all(ids.map(async (id) => run(this.#reader.follow(id))))
    return [...ids, ...found.flatMap((record) => record?.id ?? [])]
  }

  /**
   * Deletes the session that an id leads to, even if other requests write to it, unless its id is to be spared. Resolves to
   * whether there was one.
   */
  end(id: string, spared?: readonly string[]): MaybePromise<boolean> {
    return run(this.#writer.end(id, { spared }))
  }

  load(state: RecordState): MaybePromise<void> {
    if (state.loaded) return undefined
    if (state.loading !== undefined) return state.loading
    const loading = this.#find(state, this.#candidates(state))
    if (isPromise(loading)) {
      const done = (): void => void (state.loading = undefined)
      state.loading = loading
      loading.then(done, done)
    }
    return loading
  }

  async exists(state: RecordState): Promise<boolean> {
    if (!state.loaded) throw new SessionNotLoadedError('exists')
    const id = state.stored?.id
    if (id === undefined || !(await this.#engine.exists(id))) return false
    // The record may be a rotation marker, and its session may have been deleted.
    return (await run(this.#reader.follow(id))) !== undefined
  }

  commit(state: RecordState, response: { readonly status: number }): MaybePromise<void> {
    if (state.writing !== undefined) {
      // A `save()` that the application did not await: do not create the session twice. Its caller gets its error.
      return state.writing.catch(() => {}).then(() => this.commit(state, response))
    }
    const renews = this.#settings.saveEveryRequest && response.status < 500
    if (!state.loaded && renews && this.#candidates(state).length > 0) {
      const loading = this.load(state)
      if (isPromise(loading)) return loading.then(() => this.commit(state, response))
    }
    state.planned = true
    if (!state.loaded) return undefined
    return this.#carryOut(state, this.#plan(state, response.status, false))
  }

  async save(state: RecordState): Promise<void> {
    if (!state.loaded) throw new SessionNotLoadedError('save')
    // A loop, because the first of two waiting saves starts a write of its own.
    // A commit that is planned but not done can no longer send a new key: wait for it.
    while (state.writing !== undefined || (state.planned && !state.committed)) {
      await (state.writing ?? state.committing)?.catch(() => {})
    }
    await this.#carryOut(state, this.#plan(state, 200, true))
    if (state.committed) state.due = undefined
  }

  #plan(state: RecordState, status: number, explicit: boolean): BackendPlan {
    const cookie = this.#cameWithCookie(state)
    return planFor(state, this.#settings, { status, explicit, cookie })
  }

  #carryOut(state: RecordState, plan: BackendPlan): MaybePromise<void> {
    if (storesNothing(plan)) {
      if (plan.cookie === 'expire') state.due = 'expire'
      return undefined
    }
    const writing = this.#perform(state, plan)
    if (isPromise(writing)) {
      const done = (): void => void (state.writing = undefined)
      state.writing = writing
      writing.then(done, done)
    }
    return writing
  }

  #perform(state: RecordState, plan: BackendPlan): MaybePromise<void> {
    if (plan.end) return run(this.#endAndWrite(state, plan))
    refuseKey(state, plan)
    return this.#write(state, plan)
  }

  *#endAndWrite(state: RecordState, plan: BackendPlan): Steps<void> {
    yield* this.#end(state, plan)
    // A `flush()` meanwhile has superseded what was to be written.
    if (state.flushDue) return
    // Not earlier: a logout is carried out even if the data written after it cannot be stored.
    refuseKey(state, plan)
    yield* wait(this.#write(state, plan))
  }

  #write(state: RecordState, plan: BackendPlan): MaybePromise<void> {
    switch (plan.write) {
      case 'create':
        return this.#writer.create(state, plan)
      case 'save':
        return chain(this.#writer.save(state, plan), (done) =>
          done ? undefined : this.#perform(state, this.#plan(state, 200, true)),
        )
      case 'rotate':
        return run(this.#rotation.rotate(state, plan))
      case 'touch':
        return this.#writer.touch(state, plan.now, plan.cookie === 'set')
      case 'none':
        return undefined
    }
  }

  *#end(state: RecordState, plan: BackendPlan): Steps<void> {
    // Not later: what the application changes meanwhile is not part of this plan.
    const log = plan.write === 'none' ? state.takeLog() : undefined
    try {
      yield* this.#endAll(state)
    } catch (error) {
      if (log !== undefined) state.restoreLog(log)
      throw error
    }
    // Replaces the cookie of an earlier `save()`: its session has ended.
    state.due = plan.cookie === 'expire' ? 'expire' : undefined
  }

  /** Deletes the sessions that this request loaded or stored and, after `flush()`, every one that the client's cookies name. */
  *#endAll(state: RecordState): Steps<void> {
    const { flushDue, abandoned, stored } = state
    state.flushDue = false
    state.abandoned = []
    try {
      const known = stored === undefined ? abandoned : [...abandoned, stored]
      for (const { id, version } of known) yield* this.#writer.end(id, { version })
      if (flushDue) yield* this.#endCandidates(state, known)
    } catch (error) {
      state.flushDue = flushDue || state.flushDue
      state.abandoned = [...abandoned, ...state.abandoned]
      throw error
    }
    if (state.stored === stored) state.stored = undefined
  }

  *#endCandidates(state: RecordState, ended: readonly StoredRecord[]): Steps<void> {
    for (const key of this.#candidates(state)) {
      const id = this.#ids.idOf(key)
      if (!ended.some((stored) => stored.id === id)) yield* this.#writer.end(id)
    }
  }

  /** Loads the session of the first of these keys that has one. */
  #find(state: RecordState, keys: readonly string[], index = 0): MaybePromise<void> {
    const key = keys[index]
    if (key === undefined) {
      if (index === 0 && this.#cameWithCookie(state)) {
        this.#report?.({ type: 'rejected', reason: 'malformed' })
      }
      state.loaded = true
      return undefined
    }
    const id = this.#ids.idOf(key)
    return chain(this.#engine.load(id), (record) => {
      // `flush()` may have been called meanwhile.
      if (state.loaded) return undefined
      if (!this.#takeLoaded(state, key, id, record)) return this.#find(state, keys, index + 1)
      state.loaded = true
      return undefined
    })
  }

  /** Opens the session from a loaded record. Returns false if the record is missing, a rotation marker or expired. */
  #takeLoaded(
    state: RecordState,
    key: string,
    id: string,
    record: LoadedRecord | undefined,
  ): boolean {
    const now = this.#settings.clock.now()
    if (record === undefined) {
      this.#report?.({ type: 'rejected', reason: 'unknown', handle: this.#ids.handleOf(id) })
      return false
    }
    const { payload, text } = this.#reader.read(record, id)
    if (payload.successor !== undefined) {
      state.rotatedAway = true
      this.#report?.({ type: 'rejected', reason: 'rotated', handle: this.#ids.handleOf(id) })
      return false
    }
    const limit = Math.min(
      record.expiresAt,
      absoluteLimit(payload.created, now, state.origin.policy),
    )
    if (limit <= now) {
      this.#report?.({ type: 'expired', handle: this.#ids.handleOf(id) })
      return false
    }
    const { version, expiresAt, data } = record
    state.open(payload, { key, id, version, expiresAt, data, text })
    return true
  }

  /** Waits for a `save()` that the application did not await: it may be giving the session a new id. */
  async #written(state: RecordState): Promise<void> {
    while (state.writing !== undefined) await state.writing.catch(() => {})
  }

  #idsNamedBy(session: RecordState | string): readonly string[] {
    if (typeof session === 'string') return [this.#ids.idOf(session)]
    if (session.stored !== undefined) return [session.stored.id]
    return session.loaded ? [] : this.#candidates(session).map((key) => this.#ids.idOf(key))
  }

  #cameWithCookie(state: RecordState): boolean {
    return sessionCookies(state, this.#settings.cookie.name).names.length > 0
  }

  #candidates(state: RecordState): readonly string[] {
    const { values } = sessionCookies(state, this.#settings.cookie.name)
    return values.filter(isSessionKey).slice(0, MAX_CANDIDATES)
  }
}

/** Throws if the plan creates a key after the headers were sent, which could not reach the client. */
function refuseKey({ committed }: RecordState, { write }: BackendPlan): void {
  if (committed && (write === 'create' || write === 'rotate')) throw new SessionCommittedError()
}
