import { inspect } from 'node:util'
import { createSessions, type Sessions } from '@sessions/core'
import { createPool } from 'mysql2/promise'
import postgres from 'postgres'
import { afterEach, describe, expect, it } from 'vitest'
import { mysqlEngine } from '../src/mysql.ts'
import { postgresEngine } from '../src/postgres.ts'
import { sqliteEngine, type DatabaseEngine, type TableOptions } from '../src/sqlite.ts'
import { failureOf } from './describe-faults.ts'
import { drivers, openDatabase } from './drivers.ts'
import { drivers as postgresDrivers, type TestClient } from './postgres-drivers.ts'
import { freshTable, serviceUrl } from './services.ts'

/** A key, and the value of an attribute: neither may be in a log. */
const KEY = 'k0f6p3z8n1q5w2x7c4v9b0m3a8s5d2g7'
const MAIL = 'ada.lovelace@example.org'

const EXPIRED = { data: '{}', expiresAt: 0 }

interface Data {
  mail: string
}

interface Opened {
  readonly engine: (options: TableOptions) => DatabaseEngine
  readonly run: (sql: string) => Promise<unknown>
  readonly close: () => Promise<unknown>
}

async function byPostgres(opening: Promise<TestClient>): Promise<Opened> {
  const { client, run, end } = await opening
  return { engine: (options) => postgresEngine(client, options), run, close: end }
}

/** With this option, postgres.js attaches the statement and its values to errors. */
async function debugging(): Promise<TestClient> {
  const client = postgres(serviceUrl('postgres'), { max: 1, debug: () => undefined })
  return { client, run: async (sql) => client.unsafe(sql), end: async () => client.end() }
}

async function byMysql2(): Promise<Opened> {
  const pool = createPool(serviceUrl('mysql'))
  pool.on('connection', (connection) => {
    void connection.query('SET innodb_lock_wait_timeout = 1')
  })
  return {
    engine: (options) => mysqlEngine(pool, options),
    run: async (sql) => pool.query(sql),
    close: async () => pool.end(),
  }
}

async function bySqlite(driver: string): Promise<Opened> {
  const database = openDatabase(driver, ':memory:')
  database.exec('PRAGMA foreign_keys = ON')
  return {
    engine: (options) => sqliteEngine(database, options),
    run: async (sql) => database.exec(sql),
    close: async () => database.close(),
  }
}

const openers: Readonly<Record<string, () => Promise<Opened>>> = Object.fromEntries([
  ...Object.entries(postgresDrivers).map(([name, open]) => [name, async () => byPostgres(open())]),
  ['postgres.js with debug', async () => byPostgres(debugging())],
  ['mysql2', byMysql2],
  ...drivers.map((name) => [name, async () => bySqlite(name)]),
])

/** A manager over a table in Django's layout, and its events. */
interface Managed extends Opened {
  readonly manager: Sessions<Data>
  readonly table: string
  /** The statement that prevents the deletion of the expired record of `KEY`. */
  readonly keep: () => Promise<unknown>
  readonly events: readonly unknown[]
}

const cleanup: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleanup.splice(0).toReversed()) await clean()
})

async function managed(open: () => Promise<Opened>): Promise<Managed> {
  const opened = await open()
  cleanup.push(opened.close)
  const table = freshTable()
  const engine = opened.engine({ table, layout: 'django', columns: { mail: { type: 'text' } } })
  for (const statement of engine.migrationSql()) await opened.run(statement)
  cleanup.push(async () => opened.run(`DROP TABLE ${table}`))
  const events: unknown[] = []
  const manager = createSessions<Data>({
    engine,
    hashKeys: false,
    attributes: { mail: ({ mail }) => mail },
    onEvent: (event) => events.push(event),
  })
  const keep = async (): Promise<unknown> => engine.create(KEY, EXPIRED)
  return { ...opened, manager, table, keep, events }
}

function expectNoQuotation(failure: unknown, { events }: Managed): void {
  expect(failure).toMatchObject({ code: 'SESSION_ENGINE', cause: expect.any(Error) })
  expect(events).toContainEqual(expect.objectContaining({ type: 'error', error: failure }))
  const log = inspect([failure, events], { depth: 20, showHidden: true })
  expect(log).not.toContain(KEY)
  expect(log).not.toContain(MAIL)
}

describe.each(Object.entries(openers))('an error of %s', (_, open) => {
  it('quotes no key if a purge fails', async () => {
    const one = await managed(open)
    const { keep, manager, run, table } = one
    await keep()
    const referring = `${table}_of`
    await run(
      `CREATE TABLE ${referring} (one varchar(40), FOREIGN KEY (one) REFERENCES ${table} (session_key))`,
    )
    cleanup.push(async () => run(`DROP TABLE ${referring}`))
    await run(`INSERT INTO ${referring} VALUES ('${KEY}')`)

    expectNoQuotation(await failureOf(manager.clearExpired()), one)
  })

  it('quotes no value if a search fails', async () => {
    const one = await managed(open)
    await one.run(`ALTER TABLE ${one.table} DROP COLUMN mail`)

    const found = one.manager.find({ mail: MAIL })[Symbol.asyncIterator]().next()
    expectNoQuotation(await failureOf(found), one)
  })

  it('quotes no value if a save violates a constraint of the table', async () => {
    const one = await managed(open)
    const [first, second] = [one.manager.open(), one.manager.open()]
    await one.run(`CREATE UNIQUE INDEX ${one.table}_mail ON ${one.table} (mail)`)
    first.set('mail', MAIL)
    await first.save()
    second.set('mail', 'grace.hopper@example.org')
    await second.save()

    second.set('mail', MAIL)
    expectNoQuotation(await failureOf(second.save()), one)
  })
})

describe('an error of mysql2', () => {
  it('quotes no key if a purge waits too long', async () => {
    const one = await managed(byMysql2)
    await one.keep()
    const beside = createPool(serviceUrl('mysql'))
    cleanup.push(async () => beside.end())
    const connection = await beside.getConnection()
    await connection.query('BEGIN')
    await connection.query(`SELECT 1 FROM ${one.table} WHERE session_key = '${KEY}' FOR UPDATE`)

    const failure = await failureOf(one.manager.clearExpired())
    await connection.query('ROLLBACK')
    connection.release()
    expect(failure).toMatchObject({ cause: { code: 'ER_LOCK_WAIT_TIMEOUT', errno: 1205 } })
    expectNoQuotation(failure, one)
  })
})
