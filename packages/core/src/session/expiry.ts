import { InvalidSettingError } from '../errors.ts'

/** A session's own expiry as it is stored (Django's `_session_expiry`): seconds, or an ISO 8601 date. */
export type StoredExpiry = number | string

/** What a session's lifetime is computed from. */
export interface ExpiryPolicy {
  /** Seconds from the last save: the `cookie.age` setting. */
  readonly cookieAge: number
  /** Whether the cookie lasts as long as the browser runs, unless the session says otherwise. */
  readonly expireAtBrowserClose: boolean
  /** Seconds from the session's creation, or undefined. */
  readonly absoluteAge: number | undefined
}

/** Browsers keep no cookie longer than 400 days (RFC 6265bis, section 5.5), in seconds. */
export const LONGEST_AGE: number = 400 * 24 * 60 * 60

/** Three thousand years in seconds: beyond that, computing dates leaves what a Date can hold. */
const LONGEST_EXPIRY = 1e11

/** The stored form of what `setExpiry` takes. */
export function toStoredExpiry(value: number | Date | null): StoredExpiry | undefined {
  if (value === null) return undefined
  const valid = typeof value === 'number' ? Math.abs(value) <= LONGEST_EXPIRY : isValidDate(value)
  if (!valid) {
    throw new InvalidSettingError(
      'setExpiry',
      'takes a number of seconds, a valid Date, 0 for a browser-length session, or null for the default.',
    )
  }
  return typeof value === 'number' ? value : pythonIsoFormat(value)
}

/** The expiry that a stored value stands for; undefined where there is none, or none that can be read. */
function readExpiry(value: unknown): number | Date | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'number') return Math.abs(value) <= LONGEST_EXPIRY ? value : undefined
  if (isValidDate(value)) return value
  if (typeof value !== 'string' || value === '') return undefined
  // Python writes microseconds, which not every engine's Date.parse reads.
  const time = Date.parse(value.replace(/(\.\d{3})\d+/, '$1'))
  return Number.isNaN(time) ? undefined : new Date(time)
}

/** Seconds until a session expires that was last saved at `modification` (epoch ms). A date's are rounded down. */
export function expiryAge(expiry: unknown, modification: number, policy: ExpiryPolicy): number {
  const own = readExpiry(expiry)
  if (typeof own === 'object') return Math.floor((own.getTime() - modification) / 1000)
  return own || policy.cookieAge
}

/** When a session expires that was last saved at `modification`; both in epoch milliseconds. */
export function expiryTime(expiry: unknown, modification: number, policy: ExpiryPolicy): number {
  const own = readExpiry(expiry)
  if (typeof own === 'object') return own.getTime()
  return modification + (own || policy.cookieAge) * 1000
}

/** Whether the cookie lasts only as long as the browser runs. */
export function endsWithBrowser(expiry: unknown, policy: ExpiryPolicy): boolean {
  const own = readExpiry(expiry)
  return own === undefined ? policy.expireAtBrowserClose : own === 0
}

/** The session's hard limit in epoch milliseconds: no renewal goes beyond it. One without a creation time gets it now. */
export function absoluteLimit(
  created: number | undefined,
  now: number,
  policy: ExpiryPolicy,
): number {
  if (policy.absoluteAge === undefined) return Number.POSITIVE_INFINITY
  return ((created ?? Math.floor(now / 1000)) + policy.absoluteAge) * 1000
}

/**
 * The deadline in epoch milliseconds of a record that is saved now: the one value that cookie and store derive from. In
 * whole ones, which is all that the integers of a store can hold.
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
 * Whether a read at `now` should move the deadline `expiresAt`: the fraction `renewAfter` of the window has passed.
 * Never for a date, which is absolute, nor where the hard limit leaves nothing to move.
 */
export function isRenewalDue(
  session: {
    readonly expiry: unknown
    readonly created: number | undefined
    readonly expiresAt: number
  },
  now: number,
  policy: ExpiryPolicy,
  renewAfter: number,
): boolean {
  if (typeof readExpiry(session.expiry) === 'object') return false
  const window = Math.min(expiryAge(session.expiry, now, policy), LONGEST_AGE) * 1000
  const elapsed = window - (session.expiresAt - now)
  return elapsed >= renewAfter * window && deadline(session, now, policy) > session.expiresAt
}

/** Not `instanceof`: a test runner's dates are of another realm. */
function isValidDate(value: unknown): value is Date {
  return (
    Object.prototype.toString.call(value) === '[object Date]' &&
    !Number.isNaN((value as Date).getTime())
  )
}

/** As Python's `datetime.isoformat` has it: `+00:00`, since Python before 3.11 cannot read `Z`, and microseconds. */
function pythonIsoFormat(date: Date): string {
  return date.toISOString().replace(/(\.\d{3})?Z$/, (_, fraction: string | undefined) => {
    const microseconds = fraction === undefined || fraction === '.000' ? '' : `${fraction}000`
    return `${microseconds}+00:00`
  })
}
