import { createSessions } from '@sessions/core'
import { afterEach, describe, expect, it } from 'vitest'
import { sqliteEngine, type DatabaseEngine } from '../src/sqlite.ts'
import { describeRequests } from './describe-requests.ts'
import { drivers, rows, testFile, type TestDatabase, type TestFile } from './drivers.ts'
import { record } from './server.ts'
import { startWorker, worker } from './workers.ts'

describe.each(drivers)('processes that share a file through %s', (driver) => {
  let file: TestFile
  let database: TestDatabase
  afterEach(() => file.remove())

  const opened = (busyTimeout?: number): DatabaseEngine => {
    file = testFile(driver)
    database = file.connect()
    return sqliteEngine(database, { busyTimeout })
  }
  const migrated = async (busyTimeout?: number): Promise<DatabaseEngine> => {
    const engine = opened(busyTimeout)
    await engine.migrate()
    return engine
  }

  it('may all migrate at once', { timeout: 180_000 }, async () => {
    const engine = opened()

    await Promise.all(
      Array.from({ length: 8 }, async () => worker(driver, file.path, 'sessions', 'migrate')),
    )

    expect(await engine.create('id', record('{}'))).toMatchObject({ status: 'saved' })
  })

  it('migrate a file in rollback mode after another one has finished writing', async () => {
    opened()
    database.exec('CREATE TABLE theirs (value)')
    const writer = startWorker(driver, file.path, 'sessions', 'write')
    await writer.waiting
    const failures: unknown[] = []
    const engine = sqliteEngine(
      {
        prepare: (sql) => database.prepare(sql),
        // The other process writes until this one has found the file locked.
        exec(sql) {
          try {
            database.exec(sql)
          } catch (error) {
            failures.push(error)
            writer.proceed()
            throw error
          }
        },
      },
      { busyTimeout: 60_000 },
    )

    await engine.migrate()
    await writer.answer
    expect(failures).toHaveLength(1)
    expect(rows(database, 'PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }])
    expect(await engine.create('id', record('{}'))).toMatchObject({ status: 'saved' })
  })

  it('fail to migrate a file in rollback mode if another one writes for too long', async () => {
    const engine = opened(1)
    database.exec('CREATE TABLE theirs (value)')
    const other = file.connect()
    other.exec('BEGIN IMMEDIATE')
    await expect((async () => engine.migrate())()).rejects.toThrow('database is locked')

    other.exec('ROLLBACK')
    await engine.migrate()
    expect(await engine.create('id', record('{}'))).toMatchObject({ status: 'saved' })
  })

  it('fail to write if another one writes for too long, but can still read', async () => {
    const engine = await migrated(10)
    const manager = createSessions<{ user: string }>({ engine })
    const session = manager.open()
    session.set('user', 'ada')
    await session.save()
    const writer = startWorker(driver, file.path, 'sessions', 'write')
    await writer.waiting

    const again = await manager.open(session.sessionKey ?? '').load()
    again.set('user', 'grace')
    await expect(again.save()).rejects.toMatchObject({
      code: 'SESSION_ENGINE',
      operation: 'save',
      cause: expect.objectContaining({ message: expect.stringContaining('database is locked') }),
    })
    expect(again.get('user')).toBe('grace')

    writer.proceed()
    await writer.answer
    await again.save()
    expect((await manager.open(session.sessionKey ?? '').load()).get('user')).toBe('grace')
  })

  describeRequests({
    driver,
    url: () => file.path,
    table: () => 'sessions',
    migrated,
    run: (sql) => rows(database, sql),
  })
})
