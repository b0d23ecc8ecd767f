import type { SessionState } from '../session/session-state.ts'
import { cookieValues } from './cookie-header.ts'

/** How many cookies of one name are tried, of those that are well-formed: each may cost an engine call. */
export const MAX_CANDIDATES = 4

/** The name of the n-th of several cookies that share a value. */
export function chunkName(name: string, index: number): string {
  return `${name}.${index}`
}

/** The session cookies of a request. */
export interface SessionCookies {
  /** Under which names there are any. */
  readonly names: readonly string[]
  /** The values of those that are whole. */
  readonly values: readonly string[]
  /**
   * What those that are split may be: the pieces of each, from the first one on; what comes after a gap is left over from
   * another. Where names come twice, as of two paths or domains, the n-th pieces of each name belong together.
   */
  readonly splits: readonly (readonly string[])[]
}

/** The session cookies that a request came with, whose values may be split into `chunks`. They are looked for once. */
export function sessionCookies(state: SessionState, name: string, chunks = 1): SessionCookies {
  const { request } = state
  if (request === undefined) return NO_COOKIES
  if ('key' in request) return { names: [], values: [request.key], splits: [] }
  return (state.cookies ??= readChunks(request.cookieHeader, name, chunks))
}

const NO_COOKIES: SessionCookies = Object.freeze({ names: [], values: [], splits: [] })

/** The session cookies of a Cookie header, whose values may be split into `chunks`. */
function readChunks(header: string, name: string, chunks: number): SessionCookies {
  const found = cookieValues(header, name)
  const values = found.length > 1 ? [...new Set(found)] : found
  const names = values.length > 0 ? [name] : []
  if (chunks === 1) return { names, values, splits: NO_SPLITS }
  const pieces: string[][] = []
  for (let index = 0; index < chunks; index++) {
    const each = cookieValues(header, chunkName(name, index))
    if (each.length === 0) continue
    names.push(chunkName(name, index))
    if (pieces.length === index) pieces.push(each)
  }
  return { names, values, splits: splitsOf(pieces) }
}

const NO_SPLITS: SessionCookies['splits'] = []

function splitsOf(pieces: readonly string[][]): string[][] {
  const count = Math.max(0, ...pieces.map(({ length }) => length))
  return Array.from({ length: count }, (_, nth) =>
    pieces.flatMap((found) => found[nth] ?? found.at(-1) ?? []),
  )
}

/** A value in pieces of at most `size` characters, each with the name of its cookie. */
export function splitChunks(
  name: string,
  value: string,
  size: number,
): [name: string, part: string][] {
  const parts: [string, string][] = []
  for (let start = 0; start < value.length; start += size) {
    parts.push([chunkName(name, parts.length), value.slice(start, start + size)])
  }
  return parts
}
