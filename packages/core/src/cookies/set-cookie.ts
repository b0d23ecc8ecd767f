import type { CookieAttributes } from '../settings/settings.ts'

/** The largest cookie that browsers keep, in bytes (RFC 6265bis, section 5.6). */
export const COOKIE_LIMIT = 4096

/** What differs from one cookie to the next, beside its name and value. */
export interface CookieLifetime {
  /** The time, in epoch milliseconds. */
  readonly now: number
  /** Seconds that the cookie lasts, 0 to delete it, or undefined for as long as the browser runs. */
  readonly maxAge: number | undefined
  readonly secure: boolean
}

/** Writes the value of a Set-Cookie header. */
export type FormatCookie = (name: string, value: string, lifetime: CookieLifetime) => string

/** How cookies with these attributes are written. A cookie and the one that deletes it have the same. */
export function cookieFormat(cookie: CookieAttributes): FormatCookie {
  let latest:
    | { readonly second: number; readonly lifetime: CookieLifetime; readonly tail: string }
    | undefined
  return (name, value, lifetime) => {
    const second = Math.floor(lifetime.now / 1000)
    // Most cookies of one second end alike, and a date costs more to write than the rest.
    if (
      latest === undefined ||
      latest.second !== second ||
      latest.lifetime.maxAge !== lifetime.maxAge ||
      latest.lifetime.secure !== lifetime.secure
    )
      latest = { second, lifetime, tail: tail(cookie, second, lifetime) }
    return `${name}=${value}${latest.tail}`
  }
}

/** Everything that follows a cookie's value. */
function tail(
  cookie: CookieAttributes,
  second: number,
  { maxAge, secure }: CookieLifetime,
): string {
  let text = cookie.domain === undefined ? '' : `; Domain=${cookie.domain}`
  text += `; Path=${cookie.path}`
  if (maxAge !== undefined) text += `; Max-Age=${maxAge}; Expires=${expires(second, maxAge)}`
  if (cookie.httpOnly) text += '; HttpOnly'
  if (secure) text += '; Secure'
  text += `; SameSite=${SAME_SITE[cookie.sameSite]}`
  if (cookie.partitioned) text += '; Partitioned'
  return text
}

const SAME_SITE = { lax: 'Lax', strict: 'Strict', none: 'None' } as const

/** The Expires attribute, an HTTP date (RFC 9110, section 5.6.7). Of a deletion, the epoch: clocks of clients are wrong. */
function expires(second: number, maxAge: number): string {
  return new Date(maxAge <= 0 ? 0 : (second + maxAge) * 1000).toUTCString()
}
