import { InvalidSettingError } from '@sessions/core'
import { pragma, type SqliteDatabase } from './database.ts'

/** How long a connection waits for the writes of others by default, in milliseconds. */
const BUSY_TIMEOUT = 5000

/** The longest that SQLite can wait, in milliseconds. With a longer timeout, it does not wait at all. */
const LONGEST = 2 ** 31 - 1

/**
 * How many whole milliseconds a connection waits, if the option is given.
 *
 * @throws {InvalidSettingError} when it is not a number of milliseconds.
 */
export function busyTimeoutOf(timeout: number | undefined): number | undefined {
  if (timeout === undefined) return undefined
  if (typeof timeout === 'number' && timeout >= 0) return Math.min(Math.ceil(timeout), LONGEST)
  throw new InvalidSettingError(
    'busyTimeout',
    'must be a number of milliseconds, 0 or more; Infinity waits as long as SQLite can.',
  )
}

/** Makes the connection wait for other writers, unless it does already: two of the three drivers do not by default. */
export function setBusyTimeout(database: SqliteDatabase, milliseconds: number | undefined): void {
  if (milliseconds === undefined && Number(pragma(database, 'busy_timeout')) > 0) return
  database.exec(`PRAGMA busy_timeout = ${milliseconds ?? BUSY_TIMEOUT}`)
}
