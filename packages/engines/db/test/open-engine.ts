import { createPool } from 'mysql2/promise'
import { Pool } from 'pg'
import { mysqlEngine } from '../src/mysql.ts'
import { postgresEngine } from '../src/postgres.ts'
import { sqliteEngine, type DatabaseEngine, type SqliteDatabase } from '../src/sqlite.ts'
import { openDatabase } from './drivers.ts'

/** An engine, and how to close its connections. */
export interface OpenedEngine {
  readonly engine: DatabaseEngine
  /** Only with SQLite. */
  readonly database?: SqliteDatabase
  readonly close: () => unknown
}

/**
 * Opens an engine, in the process of the test or in a worker.
 *
 * @param driver `pg`, `mysql2`, or a driver of SQLite.
 * @param where The URL or path of the database.
 */
export function openEngine(driver: string, where: string, table: string): OpenedEngine {
  if (driver === 'pg') {
    const pool = new Pool({ connectionString: where })
    return { engine: postgresEngine(pool, { table }), close: async () => pool.end() }
  }
  if (driver === 'mysql2') {
    const pool = createPool({ uri: where })
    return { engine: mysqlEngine(pool, { table }), close: async () => pool.end() }
  }
  const database = openDatabase(driver, where)
  return { engine: sqliteEngine(database, { table }), database, close: () => database.close() }
}
