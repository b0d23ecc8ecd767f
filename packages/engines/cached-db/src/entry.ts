import type { LoadedRecord, SessionRecord } from '@sessions/core'

/*
 * Under an id the cache holds a copy of the row or a lease. A copy is the row's own deadline and version, followed by
 * the row's data; the deadline that the cache knows is when the database has to be asked again. A lease holds nothing.
 */

/** A row, without the attributes: those are filed in the database alone. */
export type Row = Pick<LoadedRecord, 'data' | 'expiresAt' | 'version'>

const COPY = 'copy:'
const LEASE = 'lease'

/**
 * Where the deadline ends (16 digits, as many as the last moment of a `Date`), and where the version's length does (8).
 */
const DEADLINE: number = COPY.length + 16
const LENGTH: number = DEADLINE + 8

/** A lease, which expires if nobody ends it. */
export function lease(expiresAt: number): SessionRecord {
  return { data: LEASE, expiresAt }
}

/** A copy of the row, to be used until then at most. */
export function copyOf({ data, expiresAt, version }: Row, until: number): SessionRecord {
  const deadline = String(Math.max(0, Math.ceil(expiresAt))).padStart(16, '0')
  const length = String(version.length).padStart(8, '0')
  return {
    data: `${COPY}${deadline}${length}${version}${data}`,
    expiresAt: Math.min(expiresAt, until),
  }
}

/** The row that an entry is a copy of, if it is one. */
export function rowIn({ data: text }: SessionRecord): Row | undefined {
  if (!text.startsWith(COPY)) return undefined
  const start = LENGTH + numberIn(text, DEADLINE, LENGTH)
  const expiresAt = numberIn(text, COPY.length, DEADLINE)
  // Somebody else's text may begin in the same way.
  if (!(start <= text.length) || Number.isNaN(expiresAt)) return undefined
  return { data: text.slice(start), expiresAt, version: text.slice(LENGTH, start) }
}

/** Whether an entry is a lease. */
export function isLease({ data }: SessionRecord): boolean {
  return data === LEASE
}

/** NaN if the text is no number. Almost every request does this, and a slice and `Number` would take twice as long. */
function numberIn(text: string, from: number, to: number): number {
  let number = 0
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - 48
    if (!(digit >= 0 && digit <= 9)) return Number.NaN
    number = number * 10 + digit
  }
  return number
}
