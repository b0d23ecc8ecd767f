import { MAX_CANDIDATES, type SessionCookies } from '../cookies/session-cookies.ts'
import type { CookieEngineCalls } from '../engine/cookie-engine-calls.ts'
import type { UnsealedRecord } from '../engine/engine.ts'
import { BadSignatureError } from '../errors.ts'
import type { Report } from '../events.ts'
import type { Payload } from '../payload/payload.ts'
import type { RecordFormat } from '../records/record-format.ts'
import { absoluteLimit, type ExpiryPolicy, expiryTime } from '../session/expiry.ts'
import { handleOf } from '../session/session-key.ts'
import type { CookieState } from '../session/session-state.ts'
import type { StoredCookie } from '../session/stored.ts'

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

interface LoaderParts {
  readonly engine: CookieEngineCalls
  readonly format: RecordFormat
  readonly report: Report
}

/** Loads the session that a request's cookies contain. */
export class CookieLoader {
  readonly #engine: CookieEngineCalls
  readonly #format: RecordFormat
  readonly #report: Report

  constructor({ engine, format, report }: LoaderParts) {
    this.#engine = engine
    this.#format = format
    this.#report = report
  }

  /** Opens the session of the first cookie that has one, or else an empty session. */
  load(state: CookieState, { values, splits }: SessionCookies, now: number): void {
    const moment = { now, policy: state.origin.policy }
    const whole = this.#firstOf(values.slice(0, MAX_CANDIDATES), moment)
    const split = this.#firstSplit(splits.slice(0, MAX_CANDIDATES), moment)
    // The client has both after two concurrent responses, one of which split its value.
    const opened = whole && split ? later(whole, split) : (whole ?? split)
    if (opened !== undefined) state.open(opened.payload, opened.stored)
    state.loaded = true
  }

  #firstOf(values: readonly string[], moment: Moment): OpenedCookie | undefined {
    for (const value of values) {
      const record = this.#engine.unseal(value, moment.now)
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
      const record = this.#engine.unseal(value, moment.now)
      if (record !== undefined) return this.#opened(value, record, moment)
    }
    this.#reportForgery(parts.join(''))
    return undefined
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
}

function later(one: OpenedCookie, other: OpenedCookie): OpenedCookie {
  return other.stored.expiresAt > one.stored.expiresAt ? other : one
}
