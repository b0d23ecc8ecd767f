import { createPool } from 'mysql2/promise'
import { afterAll, afterEach, beforeEach } from 'vitest'
import { mysqlEngine } from '../src/mysql.ts'
import { postgresEngine } from '../src/postgres.ts'
import { sqliteEngine, type DatabaseEngine, type TableOptions } from '../src/sqlite.ts'
import { drivers, testFile } from './drivers.ts'
import { pgPool } from './postgres-drivers.ts'
import { freshTable, serviceUrl } from './services.ts'

/** Every supported database; SQLite once for each of its drivers. */
export const databases: readonly string[] = ['postgres', 'mysql', ...drivers]

/** A database with a table for each test. */
export interface TestTable {
  readonly name: () => string
  readonly engine: (options?: TableOptions) => DatabaseEngine
  /** Creates an engine and its table. */
  readonly migrated: (options?: TableOptions) => Promise<DatabaseEngine>
  /** Runs a statement. */
  readonly run: (sql: string) => Promise<unknown>
}

interface Opened {
  readonly engine: (options: TableOptions) => DatabaseEngine
  readonly run: (sql: string) => Promise<unknown>
  readonly close: () => Promise<void>
}

/** Opens a database for the tests that are being registered. */
export function tableIn(database: string): TestTable {
  const { engine, run, close } = opened(database)
  let table = ''
  beforeEach(() => void (table = freshTable()))
  afterEach(async () => void (await run(`DROP TABLE IF EXISTS ${table}`)))
  afterAll(close)
  const ofTable = (options?: TableOptions): DatabaseEngine => engine({ table, ...options })
  return {
    name: () => table,
    engine: ofTable,
    run,
    async migrated(options) {
      const one = ofTable(options)
      await one.migrate()
      return one
    },
  }
}

function opened(database: string): Opened {
  if (database === 'postgres') {
    const pool = pgPool()
    return {
      engine: (options) => postgresEngine(pool, options),
      run: async (sql) => pool.query(sql),
      close: async () => pool.end(),
    }
  }
  if (database === 'mysql') {
    const pool = createPool(serviceUrl('mysql'))
    return {
      engine: (options) => mysqlEngine(pool, options),
      run: async (sql) => pool.query(sql),
      close: async () => pool.end(),
    }
  }
  const file = testFile(database)
  const connection = file.connect()
  return {
    engine: (options) => sqliteEngine(connection, options),
    run: async (sql) => connection.exec(sql),
    close: async () => file.remove(),
  }
}
