import type { LoadedRecord } from '@sessions/core'
import { readDjangoTime, type Layout } from '../layout.ts'
import { deadlineIn, valueIn, type Row } from '../rows.ts'

/*
 * SQLite stores any value in any column, so a row that another program has written may hold anything. If its deadline
 * cannot be read, it counts as a live session whose data cannot be decoded: core reports it, and the next save
 * overwrites it.
 */

/** The latest `Date`, which stands for a deadline that cannot be read. */
export const FOREVER = 8_640_000_000_000_000

/** No serializer reads this as a session. */
const FOREIGN = 'not written by @sessions/db'

/** A row's deadline in epoch milliseconds; `FOREVER` if it cannot be read. */
export function timeIn(row: Row, layout: Layout): number {
  if (layout === 'own') return deadlineIn(row)
  const time = readDjangoTime(String(valueIn(row, 'deadline')))
  return Number.isNaN(time) ? FOREVER : time
}

/** Reads a row as a record, whatever it holds. In Django's layout, the data is its own version. */
export function lenientRecordIn(row: Row, layout: Layout): LoadedRecord {
  const data = String(valueIn(row, 'data'))
  const version = layout === 'django' ? data : versionIn(row)
  const expiresAt = timeIn(row, layout)
  return { data: expiresAt === FOREVER ? FOREIGN : data, expiresAt, version }
}

/** A row's version. A version that is not text matches any; see `sqliteSql`. */
export const versionIn = (row: Row): string => String(valueIn(row, 'version'))
