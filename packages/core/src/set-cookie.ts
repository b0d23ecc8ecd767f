import type { CookieAttributes } from './settings.ts'

/** The largest cookie that browsers keep, in bytes (RFC 6265bis, section 5.6). */
export const COOKIE_LIMIT = 4096

/** What the lifetime of a cookie is. */
export interface CookieLifetime {
  /** The time, in epoch milliseconds. */
  readonly now: number
  /** Seconds that the cookie lasts, 0 to delete it, or undefined for as long as the browser runs. */
  readonly maxAge: number | undefined
}

/** A Set-Cookie header's value. A cookie and the one that deletes it have the same attributes. */
export function formatCookie(
  name: string,
  value: string,
  cookie: CookieAttributes,
  lifetime: CookieLifetime & { readonly secure: boolean },
): string {
  let text = `${name}=${value}`
  if (cookie.domain !== undefined) text += `; Domain=${cookie.domain}`
  text += `; Path=${cookie.path}`
  if (lifetime.maxAge !== undefined) {
    text += `; Max-Age=${lifetime.maxAge}; Expires=${expires(lifetime.now, lifetime.maxAge)}`
  }
  if (cookie.httpOnly) text += '; HttpOnly'
  if (lifetime.secure) text += '; Secure'
  text += `; SameSite=${SAME_SITE[cookie.sameSite]}`
  if (cookie.partitioned) text += '; Partitioned'
  return text
}

/** Whether a Host header names this machine: `localhost`, a name below it, or a loopback address. */
export function isLoopback(host: string | undefined): boolean {
  if (host === undefined) return false
  const name = host.toLowerCase().replace(/:\d+$/, '')
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name)
  )
}

const SAME_SITE = { lax: 'Lax', strict: 'Strict', none: 'None' } as const

/** The Expires attribute. Where a cookie is deleted, the epoch: clocks of clients are wrong. */
function expires(now: number, maxAge: number): string {
  return maxAge <= 0 ? EPOCH : httpDate(Math.floor(now / 1000) + maxAge)
}

const EPOCH = 'Thu, 01 Jan 1970 00:00:00 GMT'

let lastSecond = -1
let lastDate = ''

/** An HTTP date (RFC 9110, section 5.6.7). One second's is kept: formatting it costs more than the rest of a cookie. */
function httpDate(second: number): string {
  if (second !== lastSecond) {
    lastDate = new Date(second * 1000).toUTCString()
    lastSecond = second
  }
  return lastDate
}
