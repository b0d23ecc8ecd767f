import { chunkName, readChunks, splitChunks } from './cookie-chunks.ts'
import { CookieTooLargeError } from './errors.ts'
import { isCookieEngine } from './resolve-settings.ts'
import { COOKIE_LIMIT, formatCookie } from './set-cookie.ts'
import type { ResolvedSettings } from './settings.ts'
import type { DueCookie, SessionState } from './state.ts'

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
export function writeCookies(
  state: SessionState,
  due: DueCookie,
  settings: ResolvedSettings,
  delivery: CookieDelivery,
): string[] {
  const { cookie, engine } = settings
  const chunks = isCookieEngine(engine) ? (engine.chunks ?? 1) : 1
  const header =
    state.request !== undefined && 'cookieHeader' in state.request ? state.request.cookieHeader : ''
  const sent = chunks > 1 ? readChunks(header, cookie.name, chunks).names : []
  const expire = (name: string): string =>
    formatCookie(name, '', cookie, { ...delivery, maxAge: 0 })
  if (due === 'expire') return (sent.length > 0 ? sent : [cookie.name]).map(expire)

  const format = (name: string, value: string): string =>
    formatCookie(name, value, cookie, { ...delivery, maxAge: due.maxAge })
  const value = state.stored?.key ?? ''
  const parts = fit(cookie.name, value, chunks, format)
  const stale = sent.filter((name) => !parts.some(([part]) => part === name))
  return [...parts.map(([name, part]) => format(name, part)), ...stale.map(expire)]
}

/** The value whole where one cookie can hold it, else in as many parts as it takes. */
function fit(
  name: string,
  value: string,
  chunks: number,
  format: (name: string, value: string) => string,
): [name: string, part: string][] {
  const whole = format(name, value).length
  if (whole <= COOKIE_LIMIT) return [[name, value]]
  const room = COOKIE_LIMIT - format(chunkName(name, chunks - 1), '').length
  const parts = room > 0 && chunks > 1 ? splitChunks(name, value, room) : []
  if (parts.length > 0 && parts.length <= chunks) return parts
  // Each part repeats the attributes.
  const bytes = parts.reduce((sum, [part, text]) => sum + format(part, text).length, 0)
  throw new CookieTooLargeError(Math.max(whole, bytes), COOKIE_LIMIT * chunks)
}
