import { LONGEST_AGE } from '../cookies/set-cookie.ts'
import { InvalidSettingError } from '../errors.ts'

/** A session's own expiry as it is stored (Django's `_session_expiry`): seconds, or an ISO 8601 date. */
export type StoredExpiry = number | string

/** The settings that a session's lifetime is computed from. */
export interface ExpiryPolicy {
  /** The `cookie.age` setting: seconds since the last save. */
  readonly cookieAge: number
  readonly expireAtBrowserClose: boolean
  /** The `absoluteAge` setting: seconds since the session's creation. */
  readonly absoluteAge: number | undefined
}

/** About three thousand years, in seconds. Date arithmetic with larger values could overflow the range of a Date. */
const LONGEST_EXPIRY = 1e11

/** The end of the year 9999. Python has no later dates: Django would fail at each save of a session with one. */
const LATEST_DATE = Date.UTC(10_000, 0) - 1

/** Converts an argument of `setExpiry` to its stored form. */
export function toStoredExpiry(value: number | Date | null): StoredExpiry | undefined {
  if (value === null) return undefined
  const valid = typeof value === 'number' ? Math.abs(value) <= LONGEST_EXPIRY : isValidDate(value)
  if (!valid) {
    throw new InvalidSettingError(
      'setExpiry',
      'takes a number of seconds, a valid Date, 0 for a browser-length session, or null for the default.',
    )
  }
  return typeof value === 'number' ? value : pythonIsoFormat(Math.min(value.getTime(), LATEST_DATE))
}

/** Parses a stored expiry; undefined if there is none, or it is unreadable. */
function readExpiry(value: unknown): number | Date | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'number') return Math.abs(value) <= LONGEST_EXPIRY ? value : undefined
  if (isValidDate(value)) return value
  if (typeof value !== 'string' || value === '') return undefined
  // Python writes microseconds, which not every JavaScript engine's Date.parse accepts.
  const time = Date.parse(value.replace(/(\.\d{3})\d+/, '$1'))
  return Number.isNaN(time) ? undefined : new Date(time)
}

/** The lifetime in seconds of a session that was last saved at `modification` (epoch ms). For a date, rounded down. */
export function expiryAge(expiry: unknown, modification: number, policy: ExpiryPolicy): number {
  const own = readExpiry(expiry)
  if (typeof own === 'object') return Math.floor((own.getTime() - modification) / 1000)
  return own || policy.cookieAge
}

/** When a session that was last saved at `modification` expires; both in epoch milliseconds. */
export function expiryTime(expiry: unknown, modification: number, policy: ExpiryPolicy): number {
  const own = readExpiry(expiry)
  if (typeof own === 'object') return own.getTime()
  return modification + (own || policy.cookieAge) * 1000
}

/** Whether the cookie lasts only until the browser closes. */
export function endsWithBrowser(expiry: unknown, policy: ExpiryPolicy): boolean {
  const own = readExpiry(expiry)
  return own === undefined ? policy.expireAtBrowserClose : own === 0
}

/**
 * The limit that `absoluteAge` sets on a session, in epoch milliseconds; no renewal goes beyond it. A session without a
 * creation time counts as created now.
 */
export function absoluteLimit(
  created: number | undefined,
  now: number,
  policy: ExpiryPolicy,
): number {
  if (policy.absoluteAge === undefined) return Number.POSITIVE_INFINITY
  return ((created ?? Math.floor(now / 1000)) + policy.absoluteAge) * 1000
}

/**
 * The deadline of a record that is saved now, in whole epoch milliseconds, since stores keep it as an integer. The cookie's
 * lifetime derives from the same value.
 */
export function deadline(
  session: { readonly expiry: unknown; readonly created: number | undefined },
  now: number,
  policy: ExpiryPolicy,
): number {
  const time = Math.min(
    expiryTime(session.expiry, now, policy),
    absoluteLimit(session.created, now, policy),
    now + LONGEST_AGE * 1000,
  )
  return Math.floor(time)
}

/**
 * Whether a read at `now` should extend the session's lifetime, because the fraction `renewAfter` of it has passed. Never if
 * its expiry is a date, or if `absoluteAge` leaves nothing to extend.
 */
export function isRenewalDue(
  session: {
    readonly expiry: unknown
    readonly created: number | undefined
    readonly expiresAt: number
    /** When it was sealed, if `expiresAt` does not follow from its own expiry: the earlier end of the two counts. */
    readonly sealedAt?: number | undefined
  },
  now: number,
  policy: ExpiryPolicy,
  renewAfter: number,
): boolean {
  if (typeof readExpiry(session.expiry) === 'object') return false
  const own = Math.min(expiryAge(session.expiry, now, policy), LONGEST_AGE) * 1000
  const { expiresAt, sealedAt } = session
  const ends = sealedAt === undefined ? expiresAt : Math.min(expiresAt, sealedAt + own)
  const window = sealedAt === undefined ? own : ends - sealedAt
  const elapsed = window - (ends - now)
  return elapsed >= renewAfter * window && deadline(session, now, policy) > ends
}

/** Not `instanceof`, which fails for dates of another realm, such as a test runner's. */
function isValidDate(value: unknown): value is Date {
  return (
    Object.prototype.toString.call(value) === '[object Date]' &&
    !Number.isNaN((value as Date).getTime())
  )
}

/**
 * Formats a date as Python's `datetime.isoformat` does: with microseconds, and with `+00:00`, because Python before 3.11
 * cannot parse `Z`.
 */
function pythonIsoFormat(time: number): string {
  return new Date(time).toISOString().replace(/(\.\d{3})?Z$/, (_, fraction: string | undefined) => {
    const microseconds = fraction === undefined || fraction === '.000' ? '' : `${fraction}000`
    return `${microseconds}+00:00`
  })
}
