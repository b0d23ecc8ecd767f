import { prepareQuery, type Query, type SqliteDatabase } from './database.ts'

/** Compiles a statement. */
export type Compile = (sql: string) => Query

/**
 * Compiles statements that end when they fail, with every driver.
 *
 * Trap: libsql leaves a failed statement as it was. `get` then goes on with the parameters of the failed call, which is
 * another visitor's row. And a statement that found the file locked is still running, so that SQLite commits nothing
 * more that this connection writes. Therefore a failed write is ended at once, and a failed read before the next
 * statement.
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

/**
 * Runs the statement while it can do nothing: SQLite refuses the write before it checks locks, and that ends the
 * statement.
 */
function endWrite(database: SqliteDatabase, query: Query): void {
  database.exec('PRAGMA query_only = 1')
  try {
    query.run()
  } catch {
    // It may not write; or in better-sqlite3, which has ended it already, it has no parameters.
  } finally {
    database.exec('PRAGMA query_only = 0')
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && error.message.includes('database is locked')
}
