import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postgresEngine } from '../src/postgres.ts'
import { sqliteEngine, type DatabaseEngine, type TableOptions } from '../src/sqlite.ts'
import { drivers, openDatabase } from './drivers.ts'
import { record } from './server.ts'

/** A database of this process, in which any table may be created. */
interface Database {
  readonly engine: (options: TableOptions) => DatabaseEngine
  readonly exec: (sql: string) => unknown
  readonly close: () => unknown
}

const databases: Readonly<Record<string, () => Database | Promise<Database>>> = {
  async postgres() {
    const client = await PGlite.create()
    return {
      engine: (options) => postgresEngine(client, options),
      exec: async (sql) => client.exec(sql),
      close: async () => client.close(),
    }
  },
  sqlite() {
    const database = openDatabase(drivers[0] ?? '', ':memory:')
    return {
      engine: (options) => sqliteEngine(database, options),
      exec: (sql) => database.exec(sql),
      close: () => database.close(),
    }
  },
}

/** Words of SQL, and names that the statements give to their parts. */
const names = ['excluded', 'target', 'stored', 'written', 'gone', 'done', 'known', 'select', 'data']

describe.each(Object.keys(databases))('a table of %s', (name) => {
  let database: Database
  beforeAll(async () => void (database = (await databases[name]?.()) as Database))
  afterAll(() => database.close())

  it.each(names)('may be called %s', async (table) => {
    for (const layout of ['own', 'django'] as const) {
      const engine = database.engine({ table, layout })
      await database.exec(`DROP TABLE IF EXISTS "${table}"`)
      for (const statement of engine.migrationSql()) await database.exec(statement)

      await engine.create('id', { data: 'expired', expiresAt: Date.now() - 1 })
      const created = await engine.create('id', record('1'))
      expect(created).toMatchObject({ status: 'saved' })
      expect(await engine.create('id', record('2'))).toEqual({ status: 'taken' })
      const { version = '' } = (await engine.load('id')) ?? {}
      expect(await engine.load('id')).toMatchObject({ data: '1' })
      expect(await engine.save('id', record('3'), 'stale')).toEqual({ status: 'conflict' })
      expect(await engine.save('id', record('4'), version)).toMatchObject({ status: 'saved' })
      const saved = (await engine.load('id'))?.version
      expect(await engine.touch('id', record('4'), saved)).toMatchObject({ status: 'saved' })
      expect(await engine.touch('id', record('4'))).toMatchObject({ status: 'saved' })
      expect(await engine.delete('id', 'stale')).toBe('conflict')
      const last = (await engine.load('id'))?.version
      expect(await engine.delete('id', last)).toBe('deleted')
      expect(await engine.clearExpired({})).toBeDefined()
    }
  })
})
