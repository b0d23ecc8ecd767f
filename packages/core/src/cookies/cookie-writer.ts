import { CookieTooLargeError } from '../errors.ts'
import type { DueCookie, SessionState } from '../session/session-state.ts'
import { isCookieEngine } from '../settings/resolve-settings.ts'
import type { ResolvedSettings } from '../settings/settings.ts'
import { chunkName, sessionCookies, splitChunks } from './session-cookies.ts'
import { COOKIE_LIMIT, cookieFormat, type FormatCookie } from './set-cookie.ts'

/** How a due cookie is sent. */
export interface CookieDelivery {
  readonly secure: boolean
  /** The time in epoch milliseconds. */
  readonly now: number
}

/**
 * The Set-Cookie headers that a session owes its client.
 *
 * @throws {CookieTooLargeError} where browsers would not keep it.
 */
export type CookieWriter = (
  state: SessionState,
  due: DueCookie,
  delivery: CookieDelivery,
) => readonly string[]

/** Writes the cookies of a manager with these settings. */
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

/** A value that may need several cookies. Those that the client has and that hold none of it any more are expired. */
function chunkedCookies(name: string, chunks: number, format: FormatCookie): CookieWriter {
  return (state, due, { secure, now }) => {
    const sent = sessionCookies(state, name, chunks).names
    const expire = (each: string): string => format(each, '', { secure, now, maxAge: 0 })
    if (due === 'expire') return (sent.length > 0 ? sent : [name]).map(expire)

    const lifetime = { secure, now, maxAge: due.maxAge }
    const write = (each: string, value: string): string => format(each, value, lifetime)
    const lines = fit(name, state.stored?.key ?? '', chunks, write)
    const stale = sent.filter((each) => !lines.has(each))
    return [...lines.values(), ...stale.map(expire)]
  }
}

/** The lines that carry a value, by the names of their cookies: one where that can hold it, else as many as it takes. */
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
  // Each part repeats the attributes.
  const bytes = [...lines.values()].reduce((sum, line) => sum + line.length, 0)
  throw new CookieTooLargeError(Math.max(whole.length, bytes), COOKIE_LIMIT * chunks)
}
