import { cookieValues } from './cookie-header.ts'

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
  /** The pieces of one that is split, from the first one on; what comes after a gap is left over from another. */
  readonly parts: readonly string[]
}

/** The session cookies of a request, whose values may be split into `chunks`. */
export function readChunks(header: string, name: string, chunks: number): SessionCookies {
  const found = cookieValues(header, name)
  const values = found.length > 1 ? [...new Set(found)] : found
  const names = values.length > 0 ? [name] : []
  const parts: string[] = []
  const most = chunks > 1 ? chunks : 0
  for (let index = 0; index < most; index++) {
    const [part] = cookieValues(header, chunkName(name, index))
    if (part === undefined) continue
    names.push(chunkName(name, index))
    if (parts.length === index) parts.push(part)
  }
  return { names, values, parts }
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
