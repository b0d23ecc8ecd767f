import { InvalidSettingError } from '@sessions/core'
import { pragma, type SqliteDatabase } from './database.ts'

/** How long a connection waits for another one's write unless it was told, in milliseconds. */
const BUSY_TIMEOUT = 5000

/** The longest that SQLite can wait. It takes what is longer for no wait at all. */
const LONGEST = 2 ** 31 - 1

/**
 * How many whole milliseconds a connection waits, where that is said.
 *
 * @throws {InvalidSettingError} when it is no number of them.
 */
export function busyTimeoutOf(timeout: number | undefined): number | undefined {
  if (timeout === undefined) return undefined
  if (typeof timeout === 'number' && timeout >= 0) return Math.min(Math.ceil(timeout), LONGEST)
  throw new InvalidSettingError(
    'busyTimeout',
    'must be a number of milliseconds, 0 or more; Infinity waits as long as SQLite can.',
  )
}

/** Lets the connection wait for other writers, where nobody told it how long: two drivers of three would not wait at all. */
export function setBusyTimeout(database: SqliteDatabase, milliseconds: number | undefined): void {
  if (milliseconds === undefined && Number(pragma(database, 'busy_timeout')) > 0) return
  database.exec(`PRAGMA busy_timeout = ${milliseconds ?? BUSY_TIMEOUT}`)
}
