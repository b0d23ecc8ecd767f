import { prepareQuery, type Query, type SqliteDatabase } from './database.ts'

/** Compiles a statement. */
export type Compile = (sql: string) => Query

/**
 * Compiles statements that have ended when they failed, whichever the driver.
 *
 * Trap: libsql leaves a failed statement as it was. `get` then goes on with the parameters of the call that failed, which
 * is another visitor's row; and one that found the file locked is still under way, so that SQLite commits nothing more
 * that this connection writes. A write is ended at once, a read before anything else is done.
 */
export function compiler(database: SqliteDatabase): Compile {
  let left: Query | undefined

  function endRead(): void {
    try {
      left?.all()
    } catch (error) {
      if (isLocked(error)) throw error
    }
    left = undefined
  }

  return (sql) => {
    const isRead = sql.startsWith('SELECT')
    let query: Query | undefined = prepareQuery(database, sql)

    function use<Answer>(work: (query: Query) => Answer): Answer {
      if (left) endRead()
      query ??= prepareQuery(database, sql)
      try {
        return work(query)
      } catch (error) {
        if (isRead) {
          if (isLocked(error)) left = query
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

/** Runs it where it can do nothing: SQLite refuses to write before it looks for locks, and a refusal ends a statement. */
function endWrite(database: SqliteDatabase, query: Query): void {
  database.exec('PRAGMA query_only = 1')
  try {
    query.run()
  } catch {
    // That it may not write, or in better-sqlite3, which has ended it already, that it has no parameters.
  } finally {
    database.exec('PRAGMA query_only = 0')
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && error.message.includes('database is locked')
}
