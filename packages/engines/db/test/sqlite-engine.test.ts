import { fakeClock } from '@sessions/testing'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, it } from 'vitest'
import { sqliteEngine, type SqliteDatabase, type SqliteStatement } from '../src/sqlite.ts'
import { drivers, rows, testFile, type TestDatabase, type TestFile } from './drivers.ts'
import { record } from './server.ts'

/** The row with its numbers as bigints. */
const big = (row: unknown): unknown =>
  row &&
  Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key,
      typeof value === 'number' ? BigInt(Math.trunc(value)) : value,
    ]),
  )

/** The same database, which notes the statements that are run on it. */
function counted(database: SqliteDatabase): { database: SqliteDatabase; statements: string[] } {
  const statements: string[] = []
  const prepare = (sql: string): SqliteStatement => {
    const statement = database.prepare(sql)
    const note = (): void => void statements.push(sql.split(' ')[0] ?? '')
    return {
      run: (...parameters) => (note(), statement.run(...parameters)),
      get: (...parameters) => (note(), statement.get(...parameters)),
      all: (...parameters) => (note(), statement.all(...parameters)),
    }
  }
  return { database: { prepare, exec: (sql) => database.exec(sql) }, statements }
}

/** Runs a call of a driver, whose error is then one of another realm. */
function foreign<Answer>(work: () => Answer): Answer {
  try {
    return work()
  } catch (error) {
    throw runInNewContext('new Error(message)', { message: (error as Error).message })
  }
}

describe.each(drivers)('sqliteEngine over %s', (driver) => {
  let file: TestFile | undefined
  afterEach(() => file?.remove())

  const connect = (): TestDatabase => (file = testFile(driver)).connect()

  it("fails with the driver's error if another connection holds the file for too long", async () => {
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

  it('fails if the commit fails, instead of reporting a change that was rolled back', async () => {
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

  it.each(['own', 'django'] as const)(
    'runs one statement per call in the layout %s',
    async (layout) => {
      const { database, statements } = counted(connect())
      const columns = { userId: { type: 'text' } } as const
      const engine = sqliteEngine(database, { columns, layout })
      for (const statement of engine.migrationSql()) database.exec(statement)
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
      expect(await during(() => engine.delete('id', 'stale'))).toEqual(['DELETE'])
      expect(await during(() => engine.delete('id'))).toEqual(['DELETE'])
      expect(await during(() => engine.delete('id', 'stale'))).toEqual(['DELETE'])
    },
  )

  it('rolls back nothing of an open transaction when it answers conflict', async () => {
    const database = connect()
    const engine = sqliteEngine(database)
    await engine.migrate()
    await engine.create('id', record('first'))

    database.exec('BEGIN')
    await engine.create('other', record('second'))
    expect(await engine.save('id', record('third'), 'stale')).toEqual({ status: 'conflict' })
    expect(await engine.delete('id', 'stale')).toBe('conflict')
    database.exec('COMMIT')

    expect((await engine.load('id'))?.data).toBe('first')
    expect((await engine.load('other'))?.data).toBe('second')
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

  it('stores attributes in columns that SQL can query, and empties them', async () => {
    const database = connect()
    const columns = {
      userId: { name: 'account_id', type: 'integer', index: true },
      admin: { type: 'boolean' },
      city: { type: 'text' },
    } as const
    const engine = sqliteEngine(database, { columns })
    await engine.migrate()
    const select = 'SELECT account_id, typeof(account_id) AS type, admin, city FROM sessions'

    const attributes = { userId: 1_700_000_000_000, admin: true, city: 'Paris', unfiled: 1 }
    await engine.create('id', { ...record('{}'), attributes })
    expect(rows(database, select)).toEqual([
      { account_id: 1_700_000_000_000, type: 'integer', admin: 1, city: 'Paris' },
    ])
    await engine.save('id', { ...record('{}'), attributes: { userId: null } })
    expect(rows(database, select)).toEqual([
      { account_id: null, type: 'null', admin: null, city: null },
    ])
  })

  it('explains how to find by an attribute that has no column', async () => {
    const engine = sqliteEngine(connect())
    await engine.migrate()
    const first = engine.find('userId', 'ada')[Symbol.asyncIterator]().next()
    await expect(first).rejects.toThrow(
      /^columns\.userId is missing: to find sessions by userId, give/,
    )
  })

  it('lets one of a thousand creates win', async () => {
    const engine = sqliteEngine(connect())
    await engine.migrate()
    const answers = await Promise.all(
      Array.from({ length: 1000 }, async (_, index) => engine.create('id', record(`${index}`))),
    )
    const winners = answers.flatMap(({ status }, index) => (status === 'saved' ? [`${index}`] : []))
    expect(winners).toHaveLength(1)
    expect((await engine.load('id'))?.data).toBe(winners[0])
  })

  it('yields to the event loop between two batches of a purge, and deletes the rows', async () => {
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

  it('yields to the event loop between two pages of find', async () => {
    const database = connect()
    const engine = sqliteEngine(database, { columns: { user: { type: 'text' } } })
    await engine.migrate()
    database.exec('BEGIN')
    for (let index = 0; index < 1001; index += 1) {
      await engine.create(`id ${index}`, { ...record('{}'), attributes: { user: 'ada' } })
    }
    database.exec('COMMIT')

    let found = 0
    let before = 0
    setTimeout(() => void (before = found), 0)
    const all = engine.find('user', 'ada')[Symbol.asyncIterator]()
    while ((await all.next()).done !== true) found += 1

    expect(found).toBe(1001)
    expect(before).toBe(500)
  })

  it('reads each page of find in the order of its index, so that no page sorts all records', async () => {
    const database = connect()
    const sent: string[] = []
    const prepare = (sql: string): SqliteStatement => (sent.push(sql), database.prepare(sql))
    const columns = { user: { type: 'text', index: true } } as const
    await sqliteEngine(database, { columns }).migrate()
    const engine = sqliteEngine({ prepare, exec: (sql) => database.exec(sql) }, { columns })
    await engine.find('user', 'ada')[Symbol.asyncIterator]().next()

    const find = sent.find((sql) => sql.startsWith('SELECT') && sql.endsWith('LIMIT ?'))

    expect(rows(database, `EXPLAIN QUERY PLAN ${find?.replaceAll('?', '1')}`)).toEqual([
      expect.objectContaining({ detail: expect.stringContaining('(user=? AND id>?)') }),
    ])
  })

  it.each(['UTF-8', 'UTF-16le', 'UTF-16be'])(
    'returns the data that it stored in a file whose encoding is %s',
    async (encoding) => {
      const database = connect()
      database.exec(`PRAGMA encoding = '${encoding}'`)
      const engine = sqliteEngine(database)
      await engine.migrate()
      const data = '{"name":"Zo\u00eb \ud83d\udd11"}'
      await engine.create('id', record(data))

      const loaded = await engine.load('id')
      expect(loaded?.data).toBe(data)
      expect(await engine.save('id', record('{}'), loaded?.version)).toMatchObject({
        status: 'saved',
      })
    },
  )

  it('fails once, and not for ever, after the database was closed and opened again, as node:sqlite can', async () => {
    const database = connect()
    let opened = 1
    const prepare = (sql: string): SqliteStatement => {
      const statement = database.prepare(sql)
      const mine = opened
      const use = <Answer>(
        run: (...parameters: never[]) => Answer,
        parameters: never[],
      ): Answer => {
        if (mine !== opened) throw new Error('statement has been finalized')
        return run.apply(statement, parameters)
      }
      return {
        run: (...parameters) => use(statement.run, parameters),
        get: (...parameters) => use(statement.get, parameters),
        all: (...parameters) => use(statement.all, parameters),
      }
    }
    const engine = sqliteEngine({ prepare, exec: (sql) => database.exec(sql) })
    await engine.migrate()
    await engine.create('id', record('first'))
    opened += 1
    database.exec('PRAGMA busy_timeout = 0')

    expect(() => engine.save('id', record('second'))).toThrow('finalized')
    expect(await engine.save('id', record('second'))).toMatchObject({ status: 'saved' })
    expect((await engine.load('id'))?.data).toBe('second')
    expect(rows(database, 'PRAGMA busy_timeout')).toMatchObject([{ timeout: 5000 }])
  })

  it('knows conflicts and missing tables by errors of another realm, as node:sqlite throws them in Jest', async () => {
    const database = connect()
    const prepare = (sql: string): SqliteStatement => {
      const statement = foreign(() => database.prepare(sql))
      return {
        run: (...parameters) => foreign(() => statement.run(...parameters)),
        get: (...parameters) => foreign(() => statement.get(...parameters)),
        all: (...parameters) => foreign(() => statement.all(...parameters)),
      }
    }
    const engine = sqliteEngine({ prepare, exec: (sql) => database.exec(sql) })

    expect(() => engine.load('id')).toThrow(/migrate\(\)/)

    await engine.migrate()
    await engine.create('id', record('first'))
    expect(await engine.save('id', record('second'), 'another')).toEqual({ status: 'conflict' })
  })

  it('accepts a connection that returns bigints', async () => {
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
