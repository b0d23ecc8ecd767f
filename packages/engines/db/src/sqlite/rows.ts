import type { LoadedRecord } from '@sessions/core'
import { readDjangoTime, type Layout } from '../layout.ts'
import { deadlineIn, valueIn, type Row } from '../rows.ts'

/*
 * SQLite keeps whatever it is given in any column, so that a row of another program may hold anything: it counts as a live
 * session whose data nobody can decode, which core reports, and which the next save writes over.
 */

/** The last moment of a `Date`: the deadline where there is none that can be read. */
export const FOREVER = 8_640_000_000_000_000

/** No serializer takes this for a session. */
const FOREIGN = 'not written by @sessions/db'

/** The epoch milliseconds of a row's deadline; `FOREVER` where it says none. */
export function timeIn(row: Row, layout: Layout): number {
  if (layout === 'own') return deadlineIn(row)
  const time = readDjangoTime(String(valueIn(row, 'deadline')))
  return Number.isNaN(time) ? FOREVER : time
}

/** The record that a row holds. In Django's layout the data is its own version. */
export function lenientRecordIn(row: Row, layout: Layout): LoadedRecord {
  const data = String(valueIn(row, 'data'))
  const version = layout === 'django' ? data : versionIn(row)
  const expiresAt = timeIn(row, layout)
  return { data: expiresAt === FOREVER ? FOREIGN : data, expiresAt, version }
}

/** A row's version. Where it is no text, any is the right one. */
export const versionIn = (row: Row): string => String(valueIn(row, 'version'))
