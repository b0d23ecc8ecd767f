import { CookieTooLargeError } from '../errors.ts'
import type { DueCookie } from '../session/due-cookie.ts'
import type { SessionState } from '../session/session-state.ts'
import { isCookieEngine } from '../engine/engine.ts'
import type { ResolvedSettings } from '../settings/settings.ts'
import { chunkName, sessionCookies, splitChunks } from './session-cookies.ts'
import { COOKIE_LIMIT, cookieFormat, type FormatCookie } from './set-cookie.ts'

/** What a cookie depends on besides its session. */
export interface CookieDelivery {
  readonly secure: boolean
  /** The time in epoch milliseconds. */
  readonly now: number
}

/**
 * Returns the Set-Cookie headers that send a session's cookie or expire it.
 *
 * @throws {CookieTooLargeError} when browsers would ignore the cookie.
 */
export type CookieWriter = (
  state: SessionState,
  due: DueCookie,
  delivery: CookieDelivery,
) => readonly string[]

/** Creates the cookie writer for a manager with these settings. */
export function cookieWriter({ cookie, engine }: ResolvedSettings): CookieWriter {
  const chunks = isCookieEngine(engine) ? (engine.chunks ?? 1) : 1
  const format = cookieFormat(cookie)
  return chunks > 1 ? chunkedCookies(cookie.name, chunks, format) : oneCookie(cookie.name, format)
}

function oneCookie(name: string, format: FormatCookie): CookieWriter {
  return (state, due, { secure, now }) => {
    if (due === 'expire') return [format(name, '', { secure, now, maxAge: 0 })]
    const line = format(name, state.stored?.key ?? '', { secure, now, maxAge: due.maxAge })
    if (line.length > COOKIE_LIMIT) throw new CookieTooLargeError(line.length, COOKIE_LIMIT)
    return [line]
  }
}

/** Splits a large value over several cookies, and expires the client's cookies that are no longer part of it. */
function chunkedCookies(name: string, chunks: number, format: FormatCookie): CookieWriter {
  const chunkNames = Array.from({ length: chunks }, (_, index) => chunkName(name, index))
  return (state, due, { secure, now }) => {
    const expire = (cookieName: string): string =>
      format(cookieName, '', { secure, now, maxAge: 0 })
    // Under each of its names: a concurrent response may have split the value since the request was sent, or joined it.
    if (due === 'expire') return [name, ...chunkNames].map(expire)
    const sent = sessionCookies(state, name, chunks).names

    const lifetime = { secure, now, maxAge: due.maxAge }
    const write = (cookieName: string, value: string): string => format(cookieName, value, lifetime)
    const lines = fit(name, state.stored?.key ?? '', chunks, write)
    const stale = sent.filter((cookieName) => !lines.has(cookieName))
    return [...lines.values(), ...stale.map(expire)]
  }
}

/** The Set-Cookie headers for a value, by cookie name: one if the value fits, otherwise one for each chunk. */
function fit(
  name: string,
  value: string,
  chunks: number,
  write: (name: string, value: string) => string,
): ReadonlyMap<string, string> {
  const whole = write(name, value)
  if (whole.length <= COOKIE_LIMIT) return new Map([[name, whole]])
  const room = COOKIE_LIMIT - write(chunkName(name, chunks - 1), '').length
  const parts = room > 0 ? splitChunks(name, value, room) : []
  const lines = new Map(parts.map(([part, text]) => [part, write(part, text)]))
  if (lines.size > 0 && lines.size <= chunks) return lines
  // The size includes the attributes, which each chunk repeats.
  const bytes = [...lines.values()].reduce((sum, line) => sum + line.length, 0)
  throw new CookieTooLargeError(Math.max(whole.length, bytes), COOKIE_LIMIT * chunks)
}
