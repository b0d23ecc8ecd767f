import { describe, expect, it } from 'vitest'
import { mysqlEngine, type MysqlConnection } from '../src/mysql.ts'
import { postgresEngine, type PostgresConnection } from '../src/postgres.ts'
import { sqliteEngine, type DatabaseEngine } from '../src/sqlite.ts'
import { everyCall } from './every-call.ts'

const columns = { user: { type: 'text' } } as const

/** An engine over a `Pool` of pg whose connections return that reply. */
function byPg(result: object | undefined): DatabaseEngine {
  const connection = {
    query: (_statement, _values, done) => done(null, result as never),
    on: () => undefined,
    off: () => undefined,
    release: () => undefined,
  } satisfies PostgresConnection
  const pool = {
    totalCount: 1,
    query: () => undefined,
    connect: (done: (error: unknown, one: PostgresConnection) => void) => done(null, connection),
  }
  return postgresEngine(pool, { columns })
}

/** The same over postgres.js. */
function byPostgresJs(answer: unknown): DatabaseEngine {
  const sql = Object.assign(() => undefined, { unsafe: async () => answer as never })
  return postgresEngine(sql, { columns })
}

/** The same over PGlite. */
function byPglite(answer: object): DatabaseEngine {
  const database = { query: async () => answer as never, exec: async () => [] }
  return postgresEngine(database, { columns })
}

/** The same over a pool of mysql2. */
function byMysql2(answer: unknown): DatabaseEngine {
  const tell: MysqlConnection['execute'] = (_sql, _values, done) => done(null, answer)
  const connection = {
    execute: tell,
    query: tell,
    release: () => undefined,
    destroy: () => undefined,
  }
  const pool = {
    promise: () => undefined,
    getConnection: (done: (error: unknown, one: MysqlConnection) => void) => done(null, connection),
  }
  return mysqlEngine(pool, { columns })
}

/** The same over a database object of SQLite. */
function bySqlite(answer: unknown): DatabaseEngine {
  const statement = {
    run: () => ({ changes: answer }) as never,
    get: () => undefined,
    all: () => answer as never,
  }
  return sqliteEngine({ prepare: () => statement, exec: () => undefined }, { columns })
}

const SAYS_NOTHING = /^The client answered/

describe("a reply without the server's result", () => {
  it.each<[string, DatabaseEngine]>([
    ['pg, without a row count', byPg({ rows: [], rowCount: null })],
    ['pg, undefined', byPg(undefined)],
    [
      'postgres.js, like that of its handshake',
      byPostgresJs(Object.assign([], { count: null, command: null })),
    ],
    ['postgres.js, without a row count', byPostgresJs([])],
    ['PGlite, without a row count', byPglite({ rows: [], fields: [] })],
    ['PGlite, without rows', byPglite({ affectedRows: 0 })],
    ['mysql2, undefined', byMysql2(undefined)],
    ['mysql2, without its numbers', byMysql2({ fieldCount: 1 })],
    ['mysql2, with numbers that are null', byMysql2({ affectedRows: null, insertId: null })],
  ])('of %s, makes every call fail instead of answering absence', async (_, engine) => {
    for (const [name, call] of everyCall(engine)) {
      await expect(call(), name).rejects.toThrow(SAYS_NOTHING)
    }
  })

  it.each<[string, DatabaseEngine, readonly string[]]>([
    ['mysql2, an empty list', byMysql2([]), ['load', 'exists', 'find', 'clearExpired']],
    ['a driver of SQLite, undefined', bySqlite(undefined), ['load', 'exists']],
    ['a driver of SQLite, null', bySqlite(null), ['load', 'exists']],
    ['a driver of SQLite, a promise', bySqlite(Promise.resolve([])), ['load', 'exists']],
  ])('of %s, makes the calls fail that need another result', async (_, engine, answered) => {
    for (const [name, call] of everyCall(engine)) {
      if (answered.includes(name)) continue
      await expect(call(), name).rejects.toThrow(SAYS_NOTHING)
    }
  })

  it('of postgres.js makes a migration fail', async () => {
    const present = Object.assign([], { count: 0, command: 'SELECT' })
    const answers = [present, Object.assign([], { count: null, command: null })]
    const sql = Object.assign(() => undefined, { unsafe: async () => answers.shift() as never })
    await expect(postgresEngine(sql).migrate()).rejects.toThrow(SAYS_NOTHING)
  })
})
