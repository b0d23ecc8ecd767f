import { messageOf } from '../message-of.ts'
import { prepareQuery, type Query, type SqliteDatabase } from './database.ts'

/** Compiles a statement. */
export type Compile = (sql: string) => Query

/**
 * Returns a function that compiles statements which are reset when they fail, with every driver.
 *
 * libsql does not reset a failed statement. The next `get` would continue with the parameters of the failed call, and
 * so return another visitor's row. And a statement that found the file locked would still be running, so that SQLite
 * would commit no further write of this connection. Therefore a failed write is ended at once, and a failed read before
 * the next statement.
 */
export function compiler(database: SqliteDatabase): Compile {
  let failedRead: Query | undefined

  function endRead(): void {
    try {
      failedRead?.all()
    } catch (error) {
      if (isLocked(error)) throw error
    }
    failedRead = undefined
  }

  return (sql) => {
    const isRead = sql.startsWith('SELECT')
    let query: Query | undefined = prepareQuery(database, sql)

    function use<Answer>(work: (query: Query) => Answer): Answer {
      if (failedRead) endRead()
      query ??= prepareQuery(database, sql)
      try {
        return work(query)
      } catch (error) {
        if (isRead) {
          if (isLocked(error)) failedRead = query
          query = undefined
        } else if (isLocked(error)) {
          endWrite(database, query)
        }
        throw error
      }
    }

    return {
      run: (...parameters) => use((one) => one.run(...parameters)),
      get: (...parameters) => use((one) => one.get(...parameters)),
      all: (...parameters) => use((one) => one.all(...parameters)),
    }
  }
}

/**
 * Ends a failed write by running it once more in read-only mode: SQLite refuses the write before it checks locks, and
 * that resets the statement.
 */
function endWrite(database: SqliteDatabase, query: Query): void {
  database.exec('PRAGMA query_only = 1')
  try {
    query.run()
  } catch {
    // The write is refused; or, with better-sqlite3, which has reset the statement already, its parameters are missing.
  } finally {
    database.exec('PRAGMA query_only = 0')
  }
}

function isLocked(error: unknown): boolean {
  return messageOf(error).includes('database is locked')
}
