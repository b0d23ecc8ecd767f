import { type SessionCookies, sessionCookies } from '../cookies/session-cookies.ts'
import { type CookieEngineCalls, cookieEngineCalls } from '../engine/cookie-engine-calls.ts'
import type { CookieEngine, MaybePromise } from '../engine/engine.ts'
import { SessionCommittedError, SessionNotLoadedError } from '../errors.ts'
import type { Report } from '../events.ts'
import { RecordFormat, type RenewedRecord } from '../records/record-format.ts'
import { dueCookie } from '../session/due-cookie.ts'
import { handleOf } from '../session/session-key.ts'
import type { CookieState } from '../session/session-state.ts'
import type { ResolvedSettings } from '../settings/settings.ts'
import { type BackendPlan, planFor } from './backend-plan.ts'
import type { SessionBackend } from './backend.ts'
import { CookieLoader } from './cookie-loader.ts'
import { loadOnce } from './on-stack.ts'

/** Stores sessions in their cookies. Everything is synchronous, because a stream's cookie is made at its first byte. */
export class CookieBackend implements SessionBackend {
  readonly #settings: ResolvedSettings
  readonly #report: Report
  readonly #chunks: number | undefined
  readonly #engine: CookieEngineCalls
  readonly #format: RecordFormat
  readonly #loader: CookieLoader

  constructor(settings: ResolvedSettings, engine: CookieEngine, report: Report) {
    this.#settings = settings
    this.#report = report
    this.#chunks = engine.chunks
    this.#engine = cookieEngineCalls({ settings, engine, report })
    this.#format = new RecordFormat(settings)
    this.#loader = new CookieLoader({ engine: this.#engine, format: this.#format, report })
  }

  load(state: CookieState): MaybePromise<void> {
    return loadOnce(state, () => this.#open(state))
  }

  async exists(): Promise<boolean> {
    return false
  }

  async idsOf(): Promise<readonly string[]> {
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

  #plan(state: CookieState, status: number, explicit: boolean): BackendPlan {
    const cameWithCookie = this.#cookies(state).names.length > 0
    const sealed = { renew: state.stored?.stale === true, at: state.stored?.sealedAt }
    return planFor(state, this.#settings, { status, explicit, cameWithCookie, sealed })
  }

  #carryOut(state: CookieState, plan: BackendPlan): void {
    const ends = plan.end && (plan.cookie === 'expire' || state.abandoned.length > 0)
    if (state.committed && (plan.write !== 'none' || ends)) throw new SessionCommittedError()
    if (plan.end) this.#end(state, plan)
    if (plan.cookie === 'expire') state.due = 'expire'
    if (plan.write === 'none') return
    const { now } = plan
    const { record, text } = this.#record(state, plan)
    const key = this.#engine.seal(record, now)
    if (plan.write !== 'touch') state.takeLog()
    const { expiresAt, data } = record
    state.stored = { key, expiresAt, data, text, stale: false }
    state.due = dueCookie(state, expiresAt, now)
    if (plan.write === 'create') this.#report?.({ type: 'created', handle: handleOf(key) })
    if (plan.write === 'rotate') this.#report?.({ type: 'rotated', handle: handleOf(key) })
  }

  /** The record to seal. A renewal keeps the data as it was: changes that `modified = false` has dropped stay out of it. */
  #record(state: CookieState, plan: BackendPlan): RenewedRecord {
    const { stored } = state
    const renews = plan.write === 'touch' && stored !== undefined
    return renews ? this.#format.renewed(state, stored, plan.now) : this.#format.record(state, plan)
  }

  #end(state: CookieState, plan: BackendPlan): void {
    const ended = state.stored === undefined ? state.abandoned : [...state.abandoned, state.stored]
    for (const { key } of ended) this.#report?.({ type: 'ended', handle: handleOf(key) })
    state.flushDue = false
    state.abandoned = []
    state.stored = undefined
    // Drops the cookie of an earlier `save()`: its session has ended.
    state.due = undefined
    if (plan.write === 'none') state.takeLog()
  }

  #open(state: CookieState): void {
    this.#loader.load(state, this.#cookies(state), this.#settings.clock.now())
  }

  #cookies(state: CookieState): SessionCookies {
    return sessionCookies(state, this.#settings.cookie.name, this.#chunks)
  }
}
