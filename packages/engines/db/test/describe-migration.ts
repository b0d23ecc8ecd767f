import { describe, expect, it } from 'vitest'
import { record, type Subject } from './server.ts'
import { freshTable } from './services.ts'
import { worker } from './workers.ts'

/** Registers how a table is created on a server, and what happens without one. */
export function describeMigration(subject: Subject): void {
  const { driver, url, server, table, migrated, unmigrated, dropLater } = subject

  describe('migrate', () => {
    it('may run in eight processes at once', { timeout: 180_000 }, async () => {
      const engine = unmigrated()
      await Promise.all(
        Array.from({ length: 8 }, async () => worker(driver, url(), table(), 'migrate')),
      )
      expect((await engine.create('id', record('{}'))).status).toBe('saved')
    })

    it('may run many times at once on one pool, with columns to add', async () => {
      await migrated()
      const columns = { userId: { type: 'text', index: true } } as const
      const engine = server().engine({ table: table(), columns })
      await Promise.all(Array.from({ length: 8 }, async () => engine.migrate()))
      expect((await engine.create('id', record('{}'))).status).toBe('saved')
    })

    it('keeps the stored sessions, and adds columns that were configured later', async () => {
      const narrow = await migrated()
      await narrow.create('old', record('kept'))
      await narrow.migrate()
      const columns = { userId: { name: 'account_id', type: 'integer', index: true } } as const
      const engine = server().engine({ table: table(), columns })
      await engine.migrate()
      await engine.create('new', { ...record('{}'), attributes: { userId: 7 } })

      expect((await engine.load('old'))?.data).toBe('kept')
      const rows = await server().run(`SELECT account_id FROM ${table()} ORDER BY account_id`)
      expect(
        rows
          .map((row) => row['account_id'] ?? null)
          .map(String)
          .toSorted(),
      ).toEqual(['7', 'null'])
    })

    it('refuses a table with other columns, and leaves it unchanged', async () => {
      const engine = unmigrated({ columns: { userId: { type: 'text' } } })
      await server().run(`CREATE TABLE ${table()} (sid INTEGER, sess INTEGER)`)
      await expect(engine.migrate()).rejects.toThrow(
        /^table is \w+, but the database has a table of that name with other columns/,
      )
      await server().run(`INSERT INTO ${table()} VALUES (1, 2)`)
      const [row] = await server().run(`SELECT * FROM ${table()}`)
      expect(Object.keys(row ?? {})).toEqual(['sid', 'sess'])
    })

    it('accepts the longest possible names', async () => {
      const long = `${freshTable()}${'_'.repeat(63)}`.slice(0, 63)
      dropLater(long)
      const columns = {
        one: { name: `one${'x'.repeat(60)}`, type: 'text', index: true },
        two: { name: `two${'x'.repeat(60)}`, type: 'integer', index: true },
      } as const
      const engine = server().engine({ table: long, columns })
      await engine.migrate()
      await engine.migrate()
      expect((await engine.create('id', record('{}'))).status).toBe('saved')
    })

    it('does the same as the statements of migrationSql', async () => {
      const columns = { userId: { type: 'text', index: true }, admin: { type: 'boolean' } } as const
      const engine = unmigrated({ columns })
      for (const statement of engine.migrationSql()) await server().run(statement)
      const admin = { ...record('{}'), attributes: { userId: 'ada', admin: true } }
      expect((await engine.create('id', admin)).status).toBe('saved')
      await engine.migrate()
      expect(await engine.exists('id')).toBe(true)
    })
  })

  it('fails with advice to run migrate() if the table or a column is missing, with the cause', async () => {
    const engine = unmigrated()
    const calls = [
      () => engine.load('id'),
      () => engine.create('id', record('{}')),
      () => engine.save('id', record('{}'), 'known'),
      () => engine.delete('id'),
      () => engine.clearExpired({}),
    ]
    for (const call of calls) {
      const failure: unknown = await (async () => call())().catch((error: unknown) => error)
      expect(failure).toMatchObject({
        message: expect.stringMatching(/^The table \w+ is missing.* call the engine's migrate\(\)/),
        cause: expect.objectContaining({ message: expect.any(String) }),
      })
    }
    await engine.migrate()
    const wider = server().engine({ table: table(), columns: { userId: { type: 'text' } } })
    await expect(wider.create('id', record('{}'))).rejects.toThrow(/or lacks a column/)
  })
}
