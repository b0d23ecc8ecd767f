import type { LoadedRecord, SessionRecord } from '@sessions/core'

/*
 * Under an id the cache holds a copy of the row or a lease. A copy is the row's data behind the row's own deadline and
 * version; the deadline that the cache knows is when the database has to be asked again. A lease holds nothing.
 */

/** A row, without the attributes: those are filed in the database alone. */
export type Row = Pick<LoadedRecord, 'data' | 'expiresAt' | 'version'>

const COPY = 'copy:'
const LEASE = 'lease'

/** A lease that ends by itself where nobody ends it. */
export function lease(expiresAt: number): SessionRecord {
  return { data: LEASE, expiresAt }
}

/** A copy of the row, to be used until then at most. */
export function copyOf({ data, expiresAt, version }: Row, until: number): SessionRecord {
  return {
    data: `${COPY}${expiresAt}:${version.length}:${version}${data}`,
    expiresAt: Math.min(expiresAt, until),
  }
}

/** The row that an entry is a copy of; undefined where it is none, or was to be used until now. */
export function rowIn(
  { data: text, expiresAt: until }: SessionRecord,
  now: number,
): Row | undefined {
  if (until <= now || !text.startsWith(COPY)) return undefined
  const first = text.indexOf(':', COPY.length)
  const second = text.indexOf(':', first + 1)
  const start = second + 1 + Number(text.slice(first + 1, second))
  const expiresAt = Number(text.slice(COPY.length, first))
  return { data: text.slice(start), expiresAt, version: text.slice(second + 1, start) }
}

/** Whether an entry is a lease. */
export function isLease({ data }: SessionRecord): boolean {
  return data === LEASE
}
