import { describe, expect, it } from 'vitest'
import { mysqlEngine, type MysqlConnection } from '../src/mysql.ts'
import { postgresEngine, type PostgresConnection } from '../src/postgres.ts'
import { sqliteEngine, type DatabaseEngine } from '../src/sqlite.ts'
import { everyCall } from './every-call.ts'

const columns = { user: { type: 'text' } } as const

/** By a `Pool` of pg whose connections answer that. */
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

/** By postgres.js that answers that. */
function byPostgresJs(answer: unknown): DatabaseEngine {
  const sql = Object.assign(() => undefined, { unsafe: async () => answer as never })
  return postgresEngine(sql, { columns })
}

/** By a PGlite that answers that. */
function byPglite(answer: object): DatabaseEngine {
  const database = { query: async () => answer as never, exec: async () => [] }
  return postgresEngine(database, { columns })
}

/** By a pool of mysql2 whose connections answer that. */
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

/** By a database object of SQLite whose statements answer that. */
function bySqlite(answer: unknown): DatabaseEngine {
  const statement = {
    run: () => ({ changes: answer }) as never,
    get: () => undefined,
    all: () => answer as never,
  }
  return sqliteEngine({ prepare: () => statement, exec: () => undefined }, { columns })
}

const SAYS_NOTHING = /^The client answered/

describe('an answer that does not say what the server did', () => {
  it.each<[string, DatabaseEngine]>([
    ['pg, without a number of rows', byPg({ rows: [], rowCount: null })],
    ['pg, and is none', byPg(undefined)],
    [
      'postgres.js, as that of its handshake',
      byPostgresJs(Object.assign([], { count: null, command: null })),
    ],
    ['postgres.js, without a number of rows', byPostgresJs([])],
    ['PGlite, without a number of rows', byPglite({ rows: [], fields: [] })],
    ['PGlite, without rows', byPglite({ affectedRows: 0 })],
    ['mysql2, and is none', byMysql2(undefined)],
    ['mysql2, without its numbers', byMysql2({ fieldCount: 1 })],
    ['mysql2, with numbers that are null', byMysql2({ affectedRows: null, insertId: null })],
  ])('of %s fails every call, and is no absence', async (_, engine) => {
    for (const [name, call] of everyCall(engine)) {
      await expect(call(), name).rejects.toThrow(SAYS_NOTHING)
    }
  })

  it.each<[string, DatabaseEngine, readonly string[]]>([
    ['mysql2 is no rows', byMysql2([]), ['load', 'exists', 'find', 'clearExpired']],
    ['a driver of SQLite is none', bySqlite(undefined), ['load', 'exists']],
    ['a driver of SQLite is null', bySqlite(null), ['load', 'exists']],
    ['a driver of SQLite is a promise', bySqlite(Promise.resolve([])), ['load', 'exists']],
  ])('of %s fails the calls to which that is no answer', async (_, engine, answered) => {
    for (const [name, call] of everyCall(engine)) {
      if (answered.includes(name)) continue
      await expect(call(), name).rejects.toThrow(SAYS_NOTHING)
    }
  })

  it('of postgres.js fails a migration', async () => {
    const present = Object.assign([], { count: 0, command: 'SELECT' })
    const answers = [present, Object.assign([], { count: null, command: null })]
    const sql = Object.assign(() => undefined, { unsafe: async () => answers.shift() as never })
    await expect(postgresEngine(sql).migrate()).rejects.toThrow(SAYS_NOTHING)
  })
})
