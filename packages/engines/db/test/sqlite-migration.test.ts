import { afterEach, describe, expect, it } from 'vitest'
import { sqliteEngine } from '../src/sqlite.ts'
import { drivers, rows, testFile, type TestDatabase, type TestFile } from './drivers.ts'
import { record } from './server.ts'

describe.each(drivers)('sqliteEngine over %s', (driver) => {
  let file: TestFile | undefined
  afterEach(() => file?.remove())

  const connect = (): TestDatabase => (file = testFile(driver)).connect()

  it("fails with advice to run migrate() if the table is missing, with the driver's error as the cause", async () => {
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

  it('fails with the same advice if the table disappears or lacks a column', async () => {
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

  it('creates no table without migrate()', () => {
    const database = connect()
    const engine = sqliteEngine(database)
    expect(() => engine.load('id')).toThrow(/is missing/)
    expect(rows(database, 'SELECT name FROM sqlite_master')).toEqual([])
  })

  it('may migrate repeatedly, and keeps the stored sessions', async () => {
    const engine = sqliteEngine(connect())
    await engine.migrate()
    await engine.create('id', record('kept'))
    await engine.migrate()
    expect((await engine.load('id'))?.data).toBe('kept')
  })

  it('adds columns that were configured later, with their indexes', async () => {
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

  it('refuses to migrate a table with other columns, and leaves it unchanged', async () => {
    const database = connect()
    database.exec('CREATE TABLE sessions (sid TEXT, sess TEXT)')
    const columns = { userId: { type: 'text' } } as const
    await expect(sqliteEngine(database, { columns }).migrate()).rejects.toThrow(
      /^table is sessions, but the database has a table of that name with other columns/,
    )
    expect(rows(database, "SELECT name FROM pragma_table_info('sessions')")).toHaveLength(2)
    await sqliteEngine(database, { table: 'web_sessions' }).migrate()
  })

  it('fails with the error of the disk if SQLite has rolled back by itself, and can migrate later', async () => {
    const database = connect()
    const full = new Error('database or disk is full')
    const onFullDisk = {
      prepare: (sql: string) => database.prepare(sql),
      exec(sql: string) {
        if (sql === 'COMMIT') {
          database.exec('ROLLBACK')
          throw full
        }
        database.exec(sql)
      },
    }
    await expect(sqliteEngine(onFullDisk).migrate()).rejects.toBe(full)

    const engine = sqliteEngine(database)
    await engine.migrate()
    expect(await engine.create('id', record('{}'))).toMatchObject({ status: 'saved' })
  })

  it('returns the statements that migrate() runs', async () => {
    const database = connect()
    const columns = { userId: { type: 'integer', index: true } } as const
    const engine = sqliteEngine(database, { table: 'visits', columns })
    expect(engine.migrationSql()).toEqual([
      'CREATE TABLE IF NOT EXISTS "visits" (\n' +
        '  id TEXT NOT NULL PRIMARY KEY,\n  data TEXT NOT NULL,\n  expires_at INTEGER NOT NULL,\n' +
        '  version TEXT NOT NULL,\n  "userId" INTEGER\n)',
      'CREATE INDEX IF NOT EXISTS "visits_expires_at" ON "visits" ("expires_at")',
      'CREATE INDEX IF NOT EXISTS "visits_userId" ON "visits" ("userId", "id")',
    ])

    for (const statement of engine.migrationSql()) database.exec(statement)
    expect(await engine.create('id', record('{}'))).toMatchObject({ status: 'saved' })
  })

  it('switches the file to the write-ahead log when it migrates', async () => {
    const database = connect()
    await sqliteEngine(database).migrate()
    expect(rows(database, 'PRAGMA journal_mode')).toMatchObject([{ journal_mode: 'wal' }])
  })

  it('waits for other writers as long as busyTimeout or the connection says', async () => {
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
})
