import { afterEach, describe, expect, it } from 'vitest'
import { sqliteEngine } from '../src/sqlite.ts'
import { drivers, testFile, type TestFile } from './drivers.ts'
import { worker } from './workers.ts'

describe.each(drivers)('processes that share a file by %s', (driver) => {
  let file: TestFile | undefined
  afterEach(() => file?.remove())

  const fresh = (): TestFile => (file = testFile(driver))

  it('may all migrate at once', { timeout: 180_000 }, async () => {
    const { path, connect } = fresh()

    await Promise.all(
      Array.from({ length: 8 }, async () => worker(driver, path, 'sessions', 'migrate')),
    )

    const engine = sqliteEngine(connect())
    const record = { data: '{}', expiresAt: Date.now() + 60_000 }
    expect(await engine.create('id', record)).toMatchObject({ status: 'saved' })
  })

  it('lose no increment of one session', { timeout: 180_000 }, async () => {
    const { path, connect } = fresh()
    const engine = sqliteEngine(connect())
    await engine.migrate()
    await engine.create('id', { data: '0', expiresAt: Date.now() + 60_000 })

    await Promise.all(
      [1, 2].map(async () => worker(driver, path, 'sessions', 'increment', 'id', '500')),
    )

    expect((await engine.load('id'))?.data).toBe('1000')
  })

  it('create each id once', { timeout: 180_000 }, async () => {
    const { path, connect } = fresh()
    await sqliteEngine(connect()).migrate()

    const won = await Promise.all(
      [1, 2].map(async () => worker(driver, path, 'sessions', 'create', '500')),
    )

    const ids = won.flat().map(Number)
    expect(ids).toHaveLength(500)
    expect(new Set(ids).size).toBe(500)
  })
})
