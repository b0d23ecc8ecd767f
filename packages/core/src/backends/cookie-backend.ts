import { MAX_CANDIDATES, type SessionCookies, sessionCookies } from '../cookies/session-cookies.ts'
import { faultOfSealed, faultOfUnsealed } from '../engine/engine-answers.ts'
import { brokenContract } from '../engine/engine-calls.ts'
import type { CookieContext, CookieEngine, UnsealedRecord } from '../engine/engine.ts'
import {
  BadSignatureError,
  isSessionError,
  SessionCommittedError,
  SessionEngineError,
  SessionNotLoadedError,
} from '../errors.ts'
import type { Report } from '../events.ts'
import type { Payload } from '../payload/payload.ts'
import { RecordFormat, type RenewedRecord } from '../records/record-format.ts'
import { absoluteLimit, type ExpiryPolicy, expiryTime } from '../session/expiry.ts'
import { dueCookie } from '../session/due-cookie.ts'
import { handleOf } from '../session/session-key.ts'
import type { CookieState } from '../session/session-state.ts'
import type { StoredCookie } from '../session/stored.ts'
import type { ResolvedSettings } from '../settings/settings.ts'
import { type BackendPlan, planFor } from './backend-plan.ts'
import type { SessionBackend } from './backend.ts'

/** A live session from a cookie that verified. */
interface OpenedCookie {
  readonly payload: Payload
  readonly stored: StoredCookie
}

/** What a cookie's expiry is checked against. */
interface Moment {
  readonly now: number
  readonly policy: ExpiryPolicy
}

/** Stores sessions in their cookies. Everything is synchronous, because a stream's cookie is made at its first byte. */
export class CookieBackend implements SessionBackend {
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
    const cookie = this.#cookies(state).names.length > 0
    const sealed = { renew: state.stored?.stale === true, at: state.stored?.sealedAt }
    return planFor(state, this.#settings, { status, explicit, cookie, sealed })
  }

  #carryOut(state: CookieState, plan: BackendPlan): void {
    const ends = plan.end && (plan.cookie === 'expire' || state.abandoned.length > 0)
    if (state.committed && (plan.write !== 'none' || ends)) throw new SessionCommittedError()
    if (plan.end) this.#end(state, plan)
    if (plan.cookie === 'expire') state.due = 'expire'
    if (plan.write === 'none') return
    const { now } = plan
    const { record, text } = this.#record(state, plan)
    const seal = () => this.#engine.seal(record, this.#context(now))
    const key = this.#call('seal', seal, faultOfSealed)
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
    const moment = { now: this.#settings.clock.now(), policy: state.origin.policy }
    const { values, splits } = this.#cookies(state)
    const whole = this.#firstOf(values.slice(0, MAX_CANDIDATES), moment)
    const split = this.#firstSplit(splits.slice(0, MAX_CANDIDATES), moment)
    // The client has both after two concurrent responses, one of which split its value.
    const opened = whole && split ? later(whole, split) : (whole ?? split)
    if (opened !== undefined) state.open(opened.payload, opened.stored)
    state.loaded = true
  }

  #firstOf(values: readonly string[], moment: Moment): OpenedCookie | undefined {
    for (const value of values) {
      const record = this.#unseal(value, moment.now)
      if (record === undefined) this.#reportForgery(value)
      const opened = record && this.#opened(value, record, moment)
      if (opened !== undefined) return opened
    }
    return undefined
  }

  #firstSplit(splits: SessionCookies['splits'], moment: Moment): OpenedCookie | undefined {
    for (const parts of splits) {
      const opened = this.#join(parts, moment)
      if (opened !== undefined) return opened
    }
    return undefined
  }

  /** Opens the value of all chunks, or of the first ones if the rest come from another response. */
  #join(parts: readonly string[], moment: Moment): OpenedCookie | undefined {
    for (let count = parts.length; count > 0; count--) {
      const value = parts.slice(0, count).join('')
      const record = this.#unseal(value, moment.now)
      if (record !== undefined) return this.#opened(value, record, moment)
    }
    this.#reportForgery(parts.join(''))
    return undefined
  }

  #unseal(value: string, now: number): UnsealedRecord | undefined {
    const unseal = () => this.#engine.unseal(value, this.#context(now))
    return this.#call('unseal', unseal, faultOfUnsealed)
  }

  #reportForgery(value: string): void {
    const error = new BadSignatureError('The session cookie does not verify.')
    this.#report?.({ type: 'suspicious', handle: handleOf(value), error })
  }

  #opened(
    value: string,
    record: UnsealedRecord,
    { now, policy }: Moment,
  ): OpenedCookie | undefined {
    const read = this.#read(record, value)
    if (read === undefined) return undefined
    const { payload, text } = read
    const { data, expiresAt } = record
    // In Django's format, only the payload has the session's own expiry.
    const own = expiryTime(payload.expiry, now, policy)
    if (Math.min(expiresAt, own, absoluteLimit(payload.created, now, policy)) <= now) {
      this.#report?.({ type: 'expired', handle: handleOf(value) })
      return undefined
    }
    const stale = record.renew === true
    return {
      payload,
      stored: { key: value, expiresAt, data, text, stale, sealedAt: record.sealedAt },
    }
  }

  /** Decodes a record. A payload that verifies but does not decode is reported, and counts as absent. */
  #read(record: UnsealedRecord, value: string): ReturnType<RecordFormat['read']> | undefined {
    try {
      return this.#format.read(record.data)
    } catch (error) {
      this.#report?.({ type: 'suspicious', handle: handleOf(value), error })
      return undefined
    }
  }

  #cookies(state: CookieState): SessionCookies {
    return sessionCookies(state, this.#settings.cookie.name, this.#engine.chunks)
  }

  #context(now: number): CookieContext {
    return { cookieName: this.#settings.cookie.name, cookieAge: this.#settings.cookie.age, now }
  }

  #call<Answer>(
    operation: string,
    call: () => Answer,
    faultOf: (answer: Answer) => string | undefined,
  ): Answer {
    try {
      const answer = call()
      const fault = faultOf(answer)
      if (fault === undefined) return answer
      throw brokenContract(this.#engine, operation, fault)
    } catch (cause) {
      const error = isSessionError(cause)
        ? cause
        : new SessionEngineError({ engine: this.#engine.name ?? 'cookie', operation, cause })
      this.#report?.({ type: 'error', error })
      throw error
    }
  }
}

function later(one: OpenedCookie, other: OpenedCookie): OpenedCookie {
  return other.stored.expiresAt > one.stored.expiresAt ? other : one
}
