import { createSessions } from '@sessions/core'
import { createPool } from 'mysql2/promise'
import postgres from 'postgres'
import { afterEach, describe, expect, it } from 'vitest'
import { mysqlEngine } from '../src/mysql.ts'
import { postgresEngine } from '../src/postgres.ts'
import { sqliteEngine, type DatabaseEngine, type SqliteStatement } from '../src/sqlite.ts'
import { tableIn, type TestTable } from './every-database.ts'
import { drivers, openDatabase } from './drivers.ts'
import { record } from './server.ts'
import { serviceUrl } from './services.ts'

const columns = { user: { type: 'text' } } as const

/** Turns a row into an array of its values. */
const array = (row: unknown): unknown => row && Object.values(row)

/** Engines whose clients return rows of another shape, and how to close the clients. */
interface Odd {
  readonly engine: DatabaseEngine
  readonly close: () => unknown
}

const byMysql2 =
  (options: object) =>
  (table: string): Odd => {
    const pool = createPool({ uri: serviceUrl('mysql'), ...options })
    return { engine: mysqlEngine(pool, { table, columns }), close: async () => pool.end() }
  }

const odd: Readonly<Record<string, readonly ['postgres' | 'mysql', (table: string) => Odd]>> = {
  'postgres.js with transform: postgres.pascal': [
    'postgres',
    (table) => {
      const sql = postgres(serviceUrl('postgres'), { transform: postgres.pascal })
      return { engine: postgresEngine(sql, { table, columns }), close: async () => sql.end() }
    },
  ],
  'mysql2 with rowsAsArray': ['mysql', byMysql2({ rowsAsArray: true })],
  'mysql2 with nestTables': ['mysql', byMysql2({ nestTables: true })],
  'mysql2 with nestTables as a prefix': ['mysql', byMysql2({ nestTables: '_' })],
}

describe.each(Object.entries(odd))('rows as %s returns them', (_, [database, open]) => {
  const table: TestTable = tableIn(database)
  const closing: (() => unknown)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
  })

  it('make calls fail with the remedy, and never count as an empty session', async () => {
    const manager = createSessions<{ user: string }>({
      engine: await table.migrated({ columns }),
      attributes: { user: ({ user }) => user },
    })
    const session = manager.open()
    session.set('user', 'ada')
    await session.save()
    const { engine, close } = open(table.name())
    closing.push(close)

    const { sessionKey = '' } = session
    const code = 'INVALID_SETTING'
    await expect(createSessions({ engine }).open(sessionKey).load()).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/^client must return each row as an object .+`data`/),
    })
    await expect(engine.find('user', 'ada')[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code,
    })
    await expect(engine.migrate()).rejects.toMatchObject({ code })
  })
})

describe.each(drivers)('rows that %s is configured to return as arrays', (driver) => {
  it('make calls fail with the remedy', async () => {
    const database = openDatabase(driver, ':memory:')
    await sqliteEngine(database, { columns }).migrate()
    const prepare = (sql: string): SqliteStatement => {
      const statement = database.prepare(sql)
      return {
        run: (...parameters) => statement.run(...parameters),
        get: (...parameters) => array(statement.get(...parameters)),
        all: (...parameters) => statement.all(...parameters).map(array),
      }
    }
    const engine = sqliteEngine({ prepare, exec: (sql) => database.exec(sql) }, { columns })
    await engine.create('id', { ...record('{}'), attributes: { user: 'ada' } })

    expect(() => engine.load('id')).toThrow(/^client must return each row as an object .+`data`/)
    expect(() => engine.touch('id', record('{}'))).toThrow(/`version`/)
    const found = engine.find('user', 'ada')[Symbol.asyncIterator]().next()
    await expect(found).rejects.toThrow(/`id`/)
    await expect(engine.migrate()).rejects.toThrow(/`name`/)
    database.close()
  })
})
