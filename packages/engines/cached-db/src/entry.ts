import type { LoadedRecord, SessionRecord } from '@sessions/core'

/*
 * Under an id, the cache holds a copy of the row or a lease. A copy consists of the row's deadline, version and data.
 * Its own deadline in the cache is when the database has to be asked again. A lease holds nothing.
 */

/** A row without its attributes, which only the database stores. */
export type Row = Pick<LoadedRecord, 'data' | 'expiresAt' | 'version'>

const COPY = 'copy:'
const LEASE = 'lease'

/**
 * The offsets at which the deadline ends (16 digits, enough for the latest `Date`), and the version's length (8
 * digits).
 */
const DEADLINE: number = COPY.length + 16
const LENGTH: number = DEADLINE + 8

/** A lease, which expires if nobody ends it. */
export function lease(expiresAt: number): SessionRecord {
  return { data: LEASE, expiresAt }
}

/** A copy of the row, which expires with the row, or at `until` if that is earlier. */
export function copyOf({ data, expiresAt, version }: Row, until: number): SessionRecord {
  const deadline = String(Math.max(0, Math.ceil(expiresAt))).padStart(16, '0')
  const length = String(version.length).padStart(8, '0')
  return {
    data: `${COPY}${deadline}${length}${version}${data}`,
    expiresAt: Math.min(expiresAt, until),
  }
}

/** Decodes a copy; undefined if the entry is none. */
export function rowIn({ data: text }: SessionRecord): Row | undefined {
  if (!text.startsWith(COPY)) return undefined
  const start = LENGTH + numberIn(text, DEADLINE, LENGTH)
  const expiresAt = numberIn(text, COPY.length, DEADLINE)
  // The text of another program may have the same prefix.
  if (!(start <= text.length) || Number.isNaN(expiresAt)) return undefined
  return { data: text.slice(start), expiresAt, version: text.slice(LENGTH, start) }
}

/** Whether an entry is a lease. */
export function isLease({ data }: SessionRecord): boolean {
  return data === LEASE
}

/**
 * Parses digits; NaN if they are none. Almost every request does this, and `slice` with `Number` takes twice as long.
 */
function numberIn(text: string, from: number, to: number): number {
  let number = 0
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - 48
    if (!(digit >= 0 && digit <= 9)) return Number.NaN
    number = number * 10 + digit
  }
  return number
}
