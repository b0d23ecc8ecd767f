import { MAX_CANDIDATES, sessionCookies } from '../cookies/session-cookies.ts'
import { type EngineCalls, engineCalls } from '../engine/engine-calls.ts'
import type { MaybePromise, SessionEngine } from '../engine/engine.ts'
import { SessionCommittedError, SessionNotLoadedError } from '../errors.ts'
import type { Report } from '../events.ts'
import { CatchUp } from '../records/catch-up.ts'
import { RecordEnding } from '../records/record-ending.ts'
import { RecordFormat } from '../records/record-format.ts'
import { RecordLoader } from '../records/record-loader.ts'
import { RecordReader } from '../records/record-reader.ts'
import { RecordRotation } from '../records/record-rotation.ts'
import { RecordWriter } from '../records/record-writer.ts'
import { isSessionKey, type SessionIds, sessionIds } from '../session/session-key.ts'
import type { RecordState } from '../session/session-state.ts'
import type { ResolvedSettings } from '../settings/settings.ts'
import { chain, isPromise, run, type Steps, wait } from '../steps.ts'
import { type BackendPlan, planFor, storesNothing } from './backend-plan.ts'
import type { SessionBackend } from './backend.ts'
import { loadOnce, noting } from './on-stack.ts'

/** Stores sessions on the server, through a `SessionEngine`. */
export class ServerBackend implements SessionBackend {
  readonly #settings: ResolvedSettings
  readonly #report: Report
  readonly #ids: SessionIds
  readonly #engine: EngineCalls
  readonly #reader: RecordReader
  readonly #loader: RecordLoader
  readonly #writer: RecordWriter
  readonly #rotation: RecordRotation
  readonly #ending: RecordEnding

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
    const writer = new RecordWriter(records, catchUp)
    this.#reader = reader
    this.#loader = new RecordLoader(records, reader)
    this.#writer = writer
    this.#rotation = new RecordRotation(records, { reader, writer, catchUp })
    this.#ending = new RecordEnding(records, reader)
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
    return run(this.#ending.end(id, { spared }))
  }

  load(state: RecordState): MaybePromise<void> {
    return loadOnce(state, () => {
      const keys = this.#candidates(state)
      if (keys.length === 0 && this.#cameWithCookie(state)) {
        this.#report?.({ type: 'rejected', reason: 'malformed' })
      }
      return this.#loader.load(state, keys)
    })
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
    const cameWithCookie = this.#cameWithCookie(state)
    return planFor(state, this.#settings, { status, explicit, cameWithCookie })
  }

  #carryOut(state: RecordState, plan: BackendPlan): MaybePromise<void> {
    if (storesNothing(plan)) {
      if (plan.cookie === 'expire') state.due = 'expire'
      return undefined
    }
    return noting(state, 'writing', () => this.#perform(state, plan))
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
      yield* this.#ending.endAll(state, this.#candidates(state))
    } catch (error) {
      if (log !== undefined) state.restoreLog(log)
      throw error
    }
    // Replaces the cookie of an earlier `save()`: its session has ended.
    state.due = plan.cookie === 'expire' ? 'expire' : undefined
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
