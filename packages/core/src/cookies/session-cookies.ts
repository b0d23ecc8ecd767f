import type { SessionState } from '../session/session-state.ts'
import { cookieValues } from './cookie-header.ts'

/** How many well-formed cookies of the session's name are tried: each may cost an engine call. */
export const MAX_CANDIDATES = 4

/** The name of the n-th cookie of a value that is split into chunks. */
export function chunkName(name: string, index: number): string {
  return `${name}.${index}`
}

/** The session cookies of a request. */
export interface SessionCookies {
  /** The names under which the request has cookies. */
  readonly names: readonly string[]
  /** The values of unsplit cookies. */
  readonly values: readonly string[]
  /**
   * The chunks of each split value, up to the first missing one: a chunk after a gap is left over from an older value. If
   * the request has several cookies of one name, from different paths or domains, their n-th chunks belong together.
   */
  readonly splits: readonly (readonly string[])[]
}

/** The session cookies of a request, whose values may be split into up to `chunks` cookies. Parsed once. */
export function sessionCookies(state: SessionState, name: string, chunks = 1): SessionCookies {
  const { request } = state
  if (request === undefined) return NO_COOKIES
  if ('key' in request) return { names: [], values: [request.key], splits: [] }
  return (state.cookies ??= readChunks(request.cookieHeader, name, chunks))
}

const NO_COOKIES: SessionCookies = Object.freeze({ names: [], values: [], splits: [] })

function readChunks(header: string, name: string, chunks: number): SessionCookies {
  const found = cookieValues(header, name)
  const values = found.length > 1 ? [...new Set(found)] : found
  const names = values.length > 0 ? [name] : []
  if (chunks === 1) return { names, values, splits: NO_SPLITS }
  const pieces: string[][] = []
  for (let index = 0; index < chunks; index++) {
    const nthPieces = cookieValues(header, chunkName(name, index))
    if (nthPieces.length === 0) continue
    names.push(chunkName(name, index))
    if (pieces.length === index) pieces.push(nthPieces)
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

/** Splits a value into chunks of at most `size` characters, each with the name of its cookie. */
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
