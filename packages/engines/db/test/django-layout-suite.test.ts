import { describeEngine } from '@sessions/testing'
import { createPool, type Pool } from 'mysql2/promise'
import { afterAll, describe } from 'vitest'
import { mysqlEngine } from '../src/mysql.ts'
import { postgresEngine } from '../src/postgres.ts'
import { sqliteEngine } from '../src/sqlite.ts'
import { drivers, testFile } from './drivers.ts'
import { pgPool } from './postgres-drivers.ts'
import { freshTable, serviceUrl } from './services.ts'

const django = {
  layout: 'django',
  columns: {
    userId: { name: 'account_id', type: 'text', index: true },
    level: { type: 'integer' },
    admin: { type: 'boolean' },
  },
} as const

/** The longest key that fits into Django's column. */
const limits = { clearExpired: true, find: true, longestId: 40 }

describe("in Django's layout", () => {
  const pool = pgPool()
  const mysql = createPool({ uri: serviceUrl('mysql'), connectionLimit: 10 })
  afterAll(async () => {
    await pool.end()
    await mysql.end()
  })

  describeEngine('postgresEngine', {
    ...limits,
    open: async ({ clock }) => {
      const options = { ...django, table: freshTable(), clock }
      const engine = postgresEngine(pool, options)
      for (const statement of engine.migrationSql()) await pool.query(statement)
      await engine.migrate()
      return {
        engine,
        peer: postgresEngine(pool, options),
        close: async () => void (await pool.query(`DROP TABLE ${options.table}`)),
      }
    },
  })

  describeEngine('mysqlEngine', {
    ...limits,
    open: async ({ clock }) => {
      const options = { ...django, table: freshTable(), clock }
      const engine = mysqlEngine(mysql, options)
      for (const statement of engine.migrationSql()) {
        await mysql.query(`${statement} COLLATE ${await exactCollation(mysql)}`)
      }
      await engine.migrate()
      return {
        engine,
        peer: mysqlEngine(mysql, options),
        close: async () => void (await mysql.query(`DROP TABLE ${options.table}`)),
      }
    },
  })

  describe.each(drivers)('by %s', (driver) => {
    describeEngine('sqliteEngine', {
      ...limits,
      open: async ({ clock }) => {
        const file = testFile(driver)
        const database = file.connect()
        const engine = sqliteEngine(database, { ...django, clock })
        for (const statement of engine.migrationSql()) database.exec(statement)
        await engine.migrate()
        const peer = sqliteEngine(file.connect(), { ...django, clock })
        return { engine, peer, close: file.remove }
      },
    })
  })
})

/** The ids of the suite differ in case and spaces, unlike core's: the key's collation must tell them apart. */
async function exactCollation(mysql: Pool): Promise<string> {
  const [rows] = await mysql.query(
    "SHOW COLLATION WHERE Collation IN ('utf8mb4_nopad_bin', 'utf8mb4_0900_bin')",
  )
  return String((rows as { Collation: string }[])[0]?.Collation)
}
