import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sqliteEngine, type DatabaseEngine } from '../src/sqlite.ts'
import { drivers, rows, testFile, type TestFile } from './drivers.ts'
import { record } from './server.ts'

describe.each(drivers)('a file that another connection has locked, through %s,', (driver) => {
  let file: TestFile
  beforeEach(() => void (file = testFile(driver)))
  afterEach(() => file.remove())

  const writes: Readonly<Record<string, (engine: DatabaseEngine) => unknown>> = {
    create: (engine) => engine.create('other', record('late')),
    save: (engine) => engine.save('id', record('late')),
    touch: (engine) => engine.touch('id', record('late')),
    delete: (engine) => engine.delete('id'),
    clearExpired: (engine) => engine.clearExpired({}),
  }
  it.each(Object.entries(writes))(
    'commits the next write after a %s that found the file locked, and lets others write',
    async (_, write) => {
      const database = file.connect()
      const engine = sqliteEngine(database, { busyTimeout: 1 })
      await engine.migrate()
      await engine.create('id', record('first'))
      const other = file.connect()
      other.exec('BEGIN IMMEDIATE')
      await expect((async () => write(engine))()).rejects.toThrow('database is locked')
      other.exec('ROLLBACK')

      database.exec('CREATE TABLE theirs (value)')
      other.exec('INSERT INTO theirs VALUES (1)')
      database.exec('BEGIN; INSERT INTO theirs VALUES (2); COMMIT')
      await engine.create('next', record('kept'))
      other.exec('INSERT INTO theirs VALUES (3)')

      expect(rows(other, 'SELECT value FROM theirs')).toEqual([1, 2, 3].map((value) => ({ value })))
      expect(rows(other, 'SELECT id, data FROM sessions ORDER BY id')).toEqual([
        { id: 'id', data: 'first' },
        { id: 'next', data: 'kept' },
      ])
    },
  )

  const reads: Readonly<Record<string, (engine: DatabaseEngine, id: string) => unknown>> = {
    load: (engine, id) => engine.load(id),
    exists: (engine, id) => engine.exists(id),
    find: async (engine, id) => engine.find('name', id)[Symbol.asyncIterator]().next(),
  }
  it.each(Object.entries(reads))(
    "returns nobody another one's row after a %s that found the file locked, and lets others write",
    async (_, read) => {
      const database = file.connect()
      const columns = { name: { type: 'text' } } as const
      const engine = sqliteEngine(database, { busyTimeout: 1, columns })
      // Not in the write-ahead log's mode, so that a writer locks out readers.
      for (const statement of engine.migrationSql()) database.exec(statement)
      for (const name of ['ada', 'grace']) {
        await engine.create(name, { ...record(name), attributes: { name } })
      }
      const other = file.connect()
      other.exec('BEGIN EXCLUSIVE')
      for (let times = 0; times < 2; times += 1) {
        await expect((async () => read(engine, 'ada'))()).rejects.toThrow('database is locked')
      }
      other.exec("DELETE FROM sessions WHERE id = 'ada'; COMMIT")

      expect((await engine.load('grace'))?.data).toBe('grace')
      expect(await engine.exists('grace')).toBe(true)
      expect(await engine.load('ada')).toBeUndefined()
      expect(await engine.exists('ada')).toBe(false)
      other.exec('DELETE FROM sessions')
      expect(await engine.load('grace')).toBeUndefined()
    },
  )
})
