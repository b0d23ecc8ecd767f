import { fakeClock } from '@sessions/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { sqliteEngine, type SqliteDatabase, type SqliteStatement } from '../src/sqlite.ts'
import { drivers, testFile, type TestDatabase, type TestFile } from './drivers.ts'

const HOUR = 3_600_000
const record = (data: string): { data: string; expiresAt: number } => ({
  data,
  expiresAt: Date.now() + HOUR,
})

/** The rows as plain objects, whatever the driver makes of them. */
const rows = (database: SqliteDatabase, sql: string): object[] =>
  database
    .prepare(sql)
    .all()
    .map((row) => ({ ...(row as object) }))

/** A record with attributes, or without. */
const filed = (attributes?: Record<string, string | number | boolean | null>) => ({
  ...record('{}'),
  ...(attributes && { attributes }),
})

/** The row with big integers for numbers. */
const big = (row: unknown): unknown =>
  row &&
  Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key,
      typeof value === 'number' ? BigInt(Math.trunc(value)) : value,
    ]),
  )

/** Makes an engine with that column, and others. */
const withColumns =
  (column: object, more: object = {}): (() => unknown) =>
  () =>
    sqliteEngine({} as SqliteDatabase, { columns: { userId: column, ...more } as never })

/** The same database, and the statements that were run on it. */
function counted(database: SqliteDatabase): { database: SqliteDatabase; statements: string[] } {
  const statements: string[] = []
  const prepare = (sql: string): SqliteStatement => {
    const statement = database.prepare(sql)
    const note = <T>(answer: T): T => {
      statements.push(sql.split(' ')[0] ?? '')
      return answer
    }
    return {
      run: (...parameters) => note(statement.run(...parameters)),
      get: (...parameters) => note(statement.get(...parameters)),
      all: (...parameters) => note(statement.all(...parameters)),
    }
  }
  return { database: { prepare, exec: (sql) => database.exec(sql) }, statements }
}

describe.each(drivers)('sqliteEngine over %s', (driver) => {
  let file: TestFile | undefined
  afterEach(() => file?.remove())

  const connect = (): TestDatabase => (file = testFile(driver)).connect()

  it('says to run migrate() where the table is missing, with what the driver said as the cause', async () => {
    const engine = sqliteEngine(connect(), { table: 'visits' })
    const calls = [
      () => engine.load('id'),
      () => engine.exists('id'),
      () => engine.create('id', record('{}')),
      () => engine.save('id', record('{}')),
      () => engine.touch('id', record('{}')),
      () => engine.delete('id'),
      () => engine.clearExpired({}),
    ]
    for (const call of calls) {
      const failure: unknown = await (async () => call())().catch((error: unknown) => error)
      expect(failure).toMatchObject({
        message: expect.stringMatching(
          /^The table visits is missing.* call the engine's migrate\(\)/,
        ),
        cause: expect.objectContaining({ message: expect.stringContaining('no such table') }),
      })
    }

    await engine.migrate()
    expect(await engine.load('id')).toBeUndefined()
  })

  it('says the same where the table goes away, or lacks a column', async () => {
    const database = connect()
    const engine = sqliteEngine(database)
    await engine.migrate()
    await engine.create('id', record('{}'))

    const wider = sqliteEngine(database, { columns: { userId: { type: 'text' } } })
    expect(() => wider.create('other', record('{}'))).toThrow(
      /lacks a column: call the engine's migrate/,
    )

    database.exec('DROP TABLE sessions')
    expect(() => engine.load('id')).toThrow(/table sessions is missing/)
  })

  it('makes no table by itself, and none by being made', () => {
    const database = connect()
    const engine = sqliteEngine(database)
    expect(() => engine.load('id')).toThrow(/is missing/)
    expect(rows(database, 'SELECT name FROM sqlite_master')).toEqual([])
  })

  it('migrates as often as one likes, and keeps what is stored', async () => {
    const engine = sqliteEngine(connect())
    await engine.migrate()
    await engine.create('id', record('kept'))
    await engine.migrate()
    expect((await engine.load('id'))?.data).toBe('kept')
  })

  it('adds the columns that came later, with their indexes', async () => {
    const database = connect()
    await sqliteEngine(database).migrate()
    await sqliteEngine(database).create('old', record('{}'))
    const columns = { userId: { name: 'account_id', type: 'integer', index: true } } as const
    const engine = sqliteEngine(database, { columns })
    await engine.migrate()

    await engine.create('new', { ...record('{}'), attributes: { userId: 7 } })
    expect(rows(database, 'SELECT id, account_id FROM sessions ORDER BY id')).toEqual([
      { id: 'new', account_id: 7 },
      { id: 'old', account_id: null },
    ])
    expect(
      rows(database, "SELECT name FROM pragma_index_list('sessions') ORDER BY name"),
    ).toContainEqual({
      name: 'sessions_account_id',
    })
  })

  it('refuses to migrate a table of another kind, and leaves it as it is', async () => {
    const database = connect()
    database.exec('CREATE TABLE sessions (sid TEXT, sess TEXT)')
    const columns = { userId: { type: 'text' } } as const
    await expect(sqliteEngine(database, { columns }).migrate()).rejects.toThrow(
      /^table is sessions, and the database has a table of that name with other columns/,
    )
    expect(rows(database, "SELECT name FROM pragma_table_info('sessions')")).toHaveLength(2)
    await sqliteEngine(database, { table: 'web_sessions' }).migrate()
  })

  it('gives the statements that migrate() runs', async () => {
    const database = connect()
    const columns = { userId: { type: 'integer', index: true } } as const
    const engine = sqliteEngine(database, { table: 'visits', columns })
    expect(engine.migrationSql()).toEqual([
      'CREATE TABLE IF NOT EXISTS "visits" (\n' +
        '  id TEXT NOT NULL PRIMARY KEY,\n  data TEXT NOT NULL,\n  expires_at INTEGER NOT NULL,\n' +
        '  version TEXT NOT NULL,\n  "userId" INTEGER\n)',
      'CREATE INDEX IF NOT EXISTS "visits_expires_at" ON "visits" ("expires_at")',
      'CREATE INDEX IF NOT EXISTS "visits_userId" ON "visits" ("userId")',
    ])

    for (const statement of engine.migrationSql()) database.exec(statement)
    expect(await engine.create('id', record('{}'))).toMatchObject({ status: 'saved' })
  })

  it('switches the file to the write-ahead log when it migrates', async () => {
    const database = connect()
    await sqliteEngine(database).migrate()
    expect(rows(database, 'PRAGMA journal_mode')).toMatchObject([{ journal_mode: 'wal' }])
  })

  it('waits for other writers, as long as it is told or the connection was', async () => {
    const database = connect()
    database.exec('PRAGMA busy_timeout = 0')
    await sqliteEngine(database).migrate()
    expect(rows(database, 'PRAGMA busy_timeout')).toMatchObject([{ timeout: 5000 }])

    database.exec('PRAGMA busy_timeout = 700')
    await sqliteEngine(database).exists('id')
    expect(rows(database, 'PRAGMA busy_timeout')).toMatchObject([{ timeout: 700 }])

    await sqliteEngine(database, { busyTimeout: 9 }).exists('id')
    expect(rows(database, 'PRAGMA busy_timeout')).toMatchObject([{ timeout: 9 }])
  })

  it('fails with what the driver says where another connection holds the file for too long', async () => {
    const database = connect()
    const engine = sqliteEngine(database, { busyTimeout: 10 })
    await engine.migrate()
    const { version } = { version: undefined, ...(await engine.create('id', record('first'))) }
    const other = file?.connect()
    other?.exec('BEGIN IMMEDIATE')

    expect(() => engine.save('id', record('second'), version)).toThrow(/database is locked/)
    expect(() => engine.delete('id')).toThrow(/database is locked/)
    expect((await engine.load('id'))?.data).toBe('first')

    other?.exec('ROLLBACK')
    expect(await engine.save('id', record('second'), version)).toMatchObject({ status: 'saved' })
  })

  it('fails where the commit fails, instead of answering what was rolled back', async () => {
    const database = connect()
    database.exec(`
      PRAGMA foreign_keys = ON;
      CREATE TABLE allowed (data TEXT PRIMARY KEY, expires_at INTEGER UNIQUE);
      INSERT INTO allowed VALUES ('good', 4000000000000);
      CREATE TABLE sessions (
        id TEXT NOT NULL PRIMARY KEY,
        data TEXT NOT NULL REFERENCES allowed (data) DEFERRABLE INITIALLY DEFERRED,
        expires_at INTEGER NOT NULL REFERENCES allowed (expires_at) DEFERRABLE INITIALLY DEFERRED,
        version TEXT NOT NULL
      );
    `)
    const engine = sqliteEngine(database)
    const good = { data: 'good', expiresAt: 4_000_000_000_000 }
    await engine.create('id', good)

    expect(() => engine.create('other', { ...good, data: 'bad' })).toThrow(/FOREIGN KEY/)
    expect(() => engine.save('id', { ...good, data: 'bad' })).toThrow(/FOREIGN KEY/)
    expect(() => engine.touch('id', { ...good, expiresAt: 4_000_000_000_001 })).toThrow(
      /FOREIGN KEY/,
    )
    expect(await engine.load('id')).toMatchObject(good)
    expect(await engine.exists('other')).toBe(false)
  })

  it('runs one statement for each call', async () => {
    const { database, statements } = counted(connect())
    const columns = { userId: { type: 'text' } } as const
    const engine = sqliteEngine(database, { columns })
    await engine.migrate()
    await engine.exists('id')

    const during = async (call: () => unknown): Promise<readonly string[]> => {
      statements.length = 0
      await call()
      return [...statements]
    }
    expect(await during(() => engine.load('id'))).toEqual(['SELECT'])
    expect(await during(() => engine.exists('id'))).toEqual(['SELECT'])
    expect(await during(() => engine.create('id', record('1')))).toEqual(['INSERT'])
    expect(await during(() => engine.create('id', record('1')))).toEqual(['INSERT'])
    const loaded = await engine.load('id')
    for (const id of ['id', 'missing']) {
      for (const version of [loaded?.version, 'stale', undefined]) {
        expect(await during(() => engine.save(id, record('2'), version))).toEqual(['UPDATE'])
        expect(await during(() => engine.touch(id, record('2'), version))).toEqual(['UPDATE'])
      }
    }
    expect(await during(() => engine.delete('id'))).toEqual(['DELETE'])
    expect(await during(() => engine.delete('id'))).toEqual(['DELETE'])
  })

  it('runs a second statement only to tell why a delete with a version deleted nothing', async () => {
    const { database, statements } = counted(connect())
    const engine = sqliteEngine(database)
    await engine.migrate()
    await engine.create('id', record('1'))
    const version = (await engine.load('id'))?.version

    statements.length = 0
    expect(await engine.delete('id', 'stale')).toBe('conflict')
    expect(statements).toEqual(['DELETE', 'SELECT'])

    statements.length = 0
    expect(await engine.delete('id', version)).toBe('deleted')
    expect(statements).toEqual(['DELETE'])
  })

  it('compiles its statements once', async () => {
    const database = connect()
    let compiled = 0
    const prepare = (sql: string): SqliteStatement => {
      compiled += 1
      return database.prepare(sql)
    }
    const engine = sqliteEngine({ prepare, exec: (sql) => database.exec(sql) })
    expect(compiled).toBe(0)
    await engine.migrate()
    await engine.exists('id')

    compiled = 0
    for (let index = 0; index < 10; index += 1) {
      await engine.create(`id ${index}`, record('1'))
      await engine.save(`id ${index}`, record('2'))
      await engine.delete(`id ${index}`)
    }
    expect(compiled).toBe(0)
  })

  it('files attributes in columns that SQL can ask for, and empties them', async () => {
    const database = connect()
    const columns = {
      userId: { name: 'account_id', type: 'integer', index: true },
      admin: { type: 'boolean' },
      city: { type: 'text' },
    } as const
    const engine = sqliteEngine(database, { columns })
    await engine.migrate()
    const select =
      'SELECT account_id, typeof(account_id) AS type, admin, city FROM sessions WHERE id = '

    await engine.create('a', filed({ userId: '42', admin: true, city: 'Paris', unfiled: 1 }))
    expect(rows(database, `${select}'a'`)).toEqual([
      { account_id: 42, type: 'integer', admin: 1, city: 'Paris' },
    ])
    await engine.create('b', filed({ userId: 1_700_000_000_000, admin: false, city: 7 as never }))
    expect(rows(database, `${select}'b'`)).toEqual([
      { account_id: 1_700_000_000_000, type: 'integer', admin: 0, city: '7' },
    ])
    await engine.save('a', filed({ userId: null }))
    await engine.save('b', filed())
    for (const id of ['a', 'b']) {
      expect(rows(database, `${select}'${id}'`)).toEqual([
        { account_id: null, type: 'null', admin: null, city: null },
      ])
    }
  })

  it('says how to find by an attribute that has no column', async () => {
    const engine = sqliteEngine(connect())
    await engine.migrate()
    const first = engine.find('userId', 'ada')[Symbol.asyncIterator]().next()
    await expect(first).rejects.toThrow(
      /^columns\.userId is missing: to find sessions by userId, give/,
    )
  })

  it('lets one of a thousand creates of one id win', async () => {
    const engine = sqliteEngine(connect())
    await engine.migrate()
    const answers = await Promise.all(
      Array.from({ length: 1000 }, async (_, index) => engine.create('id', record(`${index}`))),
    )
    const winners = answers.flatMap(({ status }, index) => (status === 'saved' ? [`${index}`] : []))
    expect(winners).toHaveLength(1)
    expect((await engine.load('id'))?.data).toBe(winners[0])
  })

  it('lets others have their turn between two batches of a purge, and removes the rows', async () => {
    const database = connect()
    const clock = fakeClock()
    const engine = sqliteEngine(database, { clock })
    await engine.migrate()
    for (let index = 0; index < 30; index += 1) {
      await engine.create(`id ${index}`, { data: '{}', expiresAt: clock.now() + 1 })
    }
    clock.advance(1)

    const turns: string[] = []
    setTimeout(() => turns.push('other'), 0)
    await engine.clearExpired({ batchSize: 10, onProgress: (count) => turns.push(`${count}`) })

    expect(turns.indexOf('other')).toBeGreaterThan(0)
    expect(turns.indexOf('other')).toBeLessThan(turns.length - 1)
    expect(rows(database, 'SELECT count(*) AS left FROM sessions')).toEqual([{ left: 0 }])
  })

  it('takes a connection that answers big integers', async () => {
    const database = connect()
    const prepare = (sql: string): SqliteStatement => {
      const statement = database.prepare(sql)
      return {
        run: (...parameters) => ({ changes: BigInt(statement.run(...parameters).changes) }),
        get: (...parameters) => big(statement.get(...parameters)),
        all: (...parameters) => statement.all(...parameters).map(big),
      }
    }
    const engine = sqliteEngine({ prepare, exec: (sql) => database.exec(sql) })
    await engine.migrate()
    const stored = record('{}')
    expect(await engine.create('id', stored)).toMatchObject({ status: 'saved' })
    expect(await engine.create('id', stored)).toEqual({ status: 'taken' })
    expect((await engine.load('id'))?.expiresAt).toBe(stored.expiresAt)
    expect(await engine.delete('id')).toBe('deleted')
  })
})

describe('the options of sqliteEngine', () => {
  const database = {} as SqliteDatabase

  it.each(['', 'a b', '1a', 'a"b', 'sessions; DROP TABLE users', 'main.sessions', 'x'.repeat(64)])(
    'refuse a table called %j',
    (table) => {
      expect(() => sqliteEngine(database, { table })).toThrow(/^table must be a name/)
    },
  )

  it('refuse a column that has no name, the name of another, or no type', () => {
    expect(withColumns({ type: 'text', name: 'a b' })).toThrow(
      /^columns\.userId\.name must be a name/,
    )
    expect(withColumns({ type: 'text', name: 'DATA' })).toThrow(/^columns\.userId\.name is DATA/)
    expect(withColumns({ type: 'text' }, { x: { type: 'text', name: 'USERID' } })).toThrow(
      /^columns\.x\.name is USERID/,
    )
    expect(withColumns({ type: 'json' })).toThrow(/^columns\.userId\.type must be 'text'/)
  })

  it('refuse a batchSize that is no number of records', async () => {
    await expect(sqliteEngine(database).clearExpired({ batchSize: 0 })).rejects.toThrow(
      /^batchSize must be/,
    )
  })
})
