import type { SessionCookies } from './cookie-chunks.ts'
import type { CookieContext, CookieEngine, UnsealedRecord } from './engine.ts'
import {
  BadSignatureError,
  isSessionError,
  SessionCommittedError,
  SessionEngineError,
  SessionNotLoadedError,
} from './errors.ts'
import type { Report } from './events.ts'
import { absoluteLimit } from './expiry.ts'
import { RecordFormat } from './record.ts'
import { handleOf } from './session-key.ts'
import type { ResolvedSettings } from './settings.ts'
import type { CookieState } from './state.ts'
import {
  dueCookie,
  MOST_CANDIDATES,
  planFor,
  sessionCookies,
  type Store,
  type StorePlan,
} from './store.ts'

/** Sessions whose records are sealed into their cookies. Everything is synchronous: a cookie is made at the first byte. */
export class CookieStore implements Store {
  readonly #settings: ResolvedSettings
  readonly #engine: CookieEngine
  readonly #report: Report
  readonly #format: RecordFormat

  constructor(settings: ResolvedSettings, engine: CookieEngine, report: Report) {
    this.#settings = settings
    this.#engine = engine
    this.#report = report
    this.#format = new RecordFormat(settings)
  }

  load(state: CookieState): void {
    if (!state.loaded) this.#open(state)
  }

  async exists(): Promise<boolean> {
    return false
  }

  idsOf(): readonly string[] {
    return []
  }

  commit(state: CookieState, response: { readonly status: number }): void {
    const renews = this.#settings.saveEveryRequest && response.status < 500
    if (!state.loaded && renews) this.#open(state)
    if (state.loaded) this.#carryOut(state, this.#plan(state, response.status, false))
  }

  async save(state: CookieState): Promise<void> {
    if (!state.loaded) throw new SessionNotLoadedError('save')
    if (state.committed) throw new SessionCommittedError()
    this.#carryOut(state, this.#plan(state, 200, true))
  }

  #plan(state: CookieState, status: number, explicit: boolean): StorePlan {
    const cookie = this.#cookies(state).names.length > 0
    const sealed = { renew: state.stored?.stale === true }
    return planFor(state, this.#settings, {
      status,
      explicit,
      cookie,
      sealed,
      format: this.#format,
    })
  }

  #carryOut(state: CookieState, plan: StorePlan): void {
    const ends = plan.end && (plan.cookie === 'expire' || state.abandoned.length > 0)
    if (state.committed && (plan.write !== 'none' || ends)) throw new SessionCommittedError()
    if (plan.end) this.#end(state, plan)
    if (plan.cookie === 'expire') state.due = 'expire'
    if (plan.write === 'none') return
    const { now } = plan
    const { record, text } = this.#format.record(state, plan)
    const key = this.#call('seal', () => this.#engine.seal(record, this.#context(now)))
    state.takeLog()
    const { expiresAt, data } = record
    state.stored = { key, expiresAt, data, text, stale: false }
    state.due = dueCookie(state, expiresAt, now)
    if (plan.write === 'create') this.#report?.({ type: 'created', handle: handleOf(key) })
    if (plan.write === 'rotate') this.#report?.({ type: 'rotated', handle: handleOf(key) })
  }

  #end(state: CookieState, plan: StorePlan): void {
    const ended = state.stored === undefined ? state.abandoned : [...state.abandoned, state.stored]
    for (const { key } of ended) this.#report?.({ type: 'ended', handle: handleOf(key) })
    state.flushDue = false
    state.abandoned = []
    state.stored = undefined
    // What an earlier save() owes is owed no more.
    state.due = undefined
    if (plan.write === 'none') state.takeLog()
  }

  #open(state: CookieState): void {
    const now = this.#settings.clock.now()
    for (const value of this.#cookies(state).values.slice(0, MOST_CANDIDATES)) {
      const record = this.#call('load', () => this.#engine.unseal(value, this.#context(now)))
      if (record === undefined) {
        const error = new BadSignatureError('The session cookie does not verify.')
        this.#report?.({ type: 'suspicious', handle: handleOf(value), error })
      } else if (this.#adopt(state, value, record, now)) {
        break
      }
    }
    state.loaded = true
  }

  #adopt(state: CookieState, value: string, record: UnsealedRecord, now: number): boolean {
    const read = this.#read(record, value)
    if (read === undefined) return false
    const { payload, text } = read
    if (
      Math.min(record.expiresAt, absoluteLimit(payload.created, now, state.origin.policy)) <= now
    ) {
      this.#report?.({ type: 'expired', handle: handleOf(value) })
      return false
    }
    state.data = payload.data
    state.expiry = payload.expiry
    state.created = payload.created
    const { data, expiresAt } = record
    state.stored = { key: value, expiresAt, data, text, stale: record.renew === true }
    return true
  }

  /** A payload that verifies and does not decode is of no use to anybody: it counts as absent. */
  #read(record: UnsealedRecord, value: string): ReturnType<RecordFormat['read']> | undefined {
    try {
      return this.#format.read(record.data)
    } catch (error) {
      this.#report?.({ type: 'suspicious', handle: handleOf(value), error })
      return undefined
    }
  }

  /** The client's cookies, and the values they make up. A part without the others is a cookie without a value. */
  #cookies(state: CookieState): SessionCookies {
    return sessionCookies(state, this.#settings.cookie.name, this.#engine.chunks)
  }

  #context(now: number): CookieContext {
    return { cookieName: this.#settings.cookie.name, cookieAge: this.#settings.cookie.age, now }
  }

  #call<Answer>(operation: string, call: () => Answer): Answer {
    try {
      return call()
    } catch (cause) {
      const error = isSessionError(cause)
        ? cause
        : new SessionEngineError({ engine: this.#engine.name ?? 'cookie', operation, cause })
      this.#report?.({ type: 'error', error })
      throw error
    }
  }
}
