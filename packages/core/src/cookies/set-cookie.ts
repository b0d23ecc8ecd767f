import type { CookieAttributes } from '../settings/settings.ts'

/** The largest cookie that browsers keep, in bytes (RFC 6265bis, section 5.6). */
export const COOKIE_LIMIT = 4096

/** 400 days in seconds: browsers keep no cookie for longer (RFC 6265bis, section 5.5). */
export const LONGEST_AGE: number = 400 * 24 * 60 * 60

/** What differs between two cookies, besides name and value. */
export interface CookieLifetime {
  /** The current time in epoch milliseconds. */
  readonly now: number
  /** The cookie's lifetime in seconds, 0 to delete it, or undefined for a browser-length cookie. */
  readonly maxAge: number | undefined
  readonly secure: boolean
}

/** Formats the value of a Set-Cookie header. */
export type FormatCookie = (name: string, value: string, lifetime: CookieLifetime) => string

/** Creates the formatter for cookies with these attributes. A deletion carries the same attributes as its cookie. */
export function cookieFormat(cookie: CookieAttributes): FormatCookie {
  let latest:
    | { readonly second: number; readonly lifetime: CookieLifetime; readonly tail: string }
    | undefined
  return (name, value, lifetime) => {
    const second = Math.floor(lifetime.now / 1000)
    // Most cookies of the same second share this part, and formatting its date costs more than the rest.
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

/** The attributes that follow a cookie's value. */
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

/** The Expires attribute as an HTTP date (RFC 9110, section 5.6.7). For a deletion the epoch, since clients' clocks are wrong. */
function expires(second: number, maxAge: number): string {
  return new Date(maxAge <= 0 ? 0 : (second + maxAge) * 1000).toUTCString()
}
