import { createSessions } from '@sessions/core'
import { afterEach, describe, expect, it } from 'vitest'
import { sqliteEngine, type DatabaseEngine } from '../src/sqlite.ts'
import { describeRequests } from './describe-requests.ts'
import { drivers, rows, testFile, type TestDatabase, type TestFile } from './drivers.ts'
import { record } from './server.ts'
import { startWorker, worker } from './workers.ts'

describe.each(drivers)('processes that share a file by %s', (driver) => {
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

  it('let a write fail where another one writes for too long, and reads go on', async () => {
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
