import { createPool, type Pool as MysqlPool } from 'mysql2/promise'
import type { Pool } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { mysqlEngine } from '../src/mysql.ts'
import { postgresEngine } from '../src/postgres.ts'
import { sqliteEngine, type DatabaseEngine } from '../src/sqlite.ts'
import { drivers, testFile } from './drivers.ts'
import { record } from './server.ts'
import { pgPool } from './postgres-drivers.ts'
import { freshTable, serviceUrl } from './services.ts'

const layout = 'django'

describe('layout: django', () => {
  let postgres: Pool
  let mysql: MysqlPool
  const tables: string[] = []
  const fresh = (): string => {
    const table = freshTable()
    tables.push(table)
    return table
  }
  beforeAll(() => {
    postgres = pgPool()
    mysql = createPool({ uri: serviceUrl('mysql') })
  })
  afterEach(async () => {
    for (const table of tables.splice(0)) {
      await postgres.query(`DROP TABLE IF EXISTS ${table}`)
      await mysql.query(`DROP TABLE IF EXISTS ${table}`)
    }
  })
  afterAll(async () => {
    await postgres.end()
    await mysql.end()
  })

  const onPostgres = async (): Promise<{ engine: DatabaseEngine; table: string }> => {
    const table = fresh()
    const engine = postgresEngine(postgres, { layout, table })
    for (const statement of engine.migrationSql()) await postgres.query(statement)
    return { engine, table }
  }

  describe('in PostgreSQL, a call that waits for another transaction', () => {
    it.each([
      ['saved', "SET session_data = 'theirs'", 'conflict', 'conflict'],
      ['deleted', '', 'missing', 'missing'],
      ['moved the deadline', "SET expire_date = expire_date + interval '1 s'", 'saved', 'deleted'],
    ])('which %s goes by the new state of the record', async (_, change, toSave, toDelete) => {
      const { engine, table } = await onPostgres()
      const held = async (call: () => unknown): Promise<unknown> => {
        await engine.delete('id')
        await engine.create('id', record('first'))
        const client = await postgres.connect()
        await client.query('BEGIN')
        await client.query(change === '' ? `DELETE FROM ${table}` : `UPDATE ${table} ${change}`)
        const pending = call()
        const waiting = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%"${table}"%'`
        while ((await postgres.query(waiting)).rows.length === 0);
        await client.query('COMMIT')
        client.release()
        return pending
      }

      expect(await held(() => engine.save('id', record('ours'), 'first'))).toMatchObject({
        status: toSave,
      })
      expect((await engine.load('id'))?.data).toBe(
        { conflict: 'theirs', missing: undefined, saved: 'ours' }[toSave],
      )
      expect(await held(() => engine.delete('id', 'first'))).toBe(toDelete)
      expect(await engine.exists('id')).toBe(toDelete === 'conflict')
    })
  })

  it('compares data as bytes in MySQL, regardless of the collation of the column', async () => {
    const engine = mysqlEngine(mysql, { layout, table: fresh() })
    for (const statement of engine.migrationSql()) {
      await mysql.query(`${statement} CHARACTER SET latin1 COLLATE latin1_swedish_ci`)
    }
    await engine.create('id', record('caf\u00e9'))
    for (const other of ['CAF\u00c9', 'cafe', 'caf\u00e9 ', 'cafe\u0301']) {
      expect(await engine.save('id', record('x'), other)).toEqual({ status: 'conflict' })
      expect(await engine.touch('id', record('x'), other)).toEqual({ status: 'conflict' })
      expect(await engine.delete('id', other)).toBe('conflict')
    }
    expect((await engine.save('id', record('x'), 'caf\u00e9')).status).toBe('saved')
  })

  it.each(['latin1', 'utf16', 'utf8mb4'])(
    'finds by exactly the given text in MySQL if the column is %s',
    async (charset) => {
      const columns = { email: { type: 'text' } } as const
      const engine = mysqlEngine(mysql, { layout, table: fresh(), columns })
      for (const statement of engine.migrationSql()) {
        const inCharset = statement.replace('utf8mb4 COLLATE utf8mb4_bin', charset)
        await mysql.query(`${inCharset} CHARACTER SET ${charset}`)
      }
      const emails = { a: 'jos\u00e9@example.com', b: 'jose@example.com', c: 'JOSE@example.com' }
      for (const [id, email] of Object.entries(emails)) {
        await engine.create(id, { ...record('{}'), attributes: { email } })
      }
      for (const [id, email] of Object.entries(emails)) {
        const found: string[] = []
        for await (const one of engine.find('email', email)) found.push(one.id)
        expect(found).toEqual([id])
      }
    },
  )

  it('compares data as bytes in PostgreSQL and SQLite, regardless of the collation of the column', async () => {
    const { engine, table } = await onPostgres()
    await postgres.query(
      `CREATE COLLATION IF NOT EXISTS caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`,
    )
    await postgres.query(`ALTER TABLE ${table} ALTER session_data TYPE text COLLATE caseless`)
    const file = testFile(drivers[0] ?? '')
    const database = file.connect()
    database.exec(
      'CREATE TABLE django_session (session_key text PRIMARY KEY, session_data text COLLATE NOCASE, expire_date datetime)',
    )
    for (const each of [engine, sqliteEngine(database, { layout })]) {
      await each.create('id', record('text'))
      expect(await each.save('id', record('x'), 'TEXT')).toEqual({ status: 'conflict' })
      expect(await each.touch('id', record('x'), 'TEXT')).toEqual({ status: 'conflict' })
      expect(await each.delete('id', 'TEXT')).toBe('conflict')
      expect((await each.save('id', record('x'), 'text')).status).toBe('saved')
    }
    file.remove()
  })

  it('lets one of two concurrent saves win even if both write the same data', async () => {
    const { engine } = await onPostgres()
    await engine.create('id', record('0'))
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => engine.save('id', record('1'), '0')),
    )
    expect(answers.filter(({ status }) => status === 'saved')).toHaveLength(1)
  })

  it('refuses to migrate without the table, which Django has to create', async () => {
    const file = testFile(drivers[0] ?? '')
    const database = file.connect()
    const engines = [
      postgresEngine(postgres, { layout, table: fresh() }),
      mysqlEngine(mysql, { layout, table: fresh() }),
      sqliteEngine(database, { layout }),
    ]
    for (const engine of engines) {
      await expect(engine.migrate()).rejects.toThrow(
        /^layout is 'django', but .*manage\.py migrate/,
      )
      await expect((async () => engine.load('id'))()).rejects.toThrow(
        /table \w+ is missing.*run Django's `manage\.py migrate`/,
      )
    }
    file.remove()
  })

  it('refuses to migrate without the columns that Django has to add', async () => {
    const { engine, table } = await onPostgres()
    await engine.migrate()
    const columns = { userId: { name: 'account_id', type: 'integer' } } as const
    const wider = postgresEngine(postgres, { layout, table, columns })
    await expect(wider.migrate()).rejects.toThrow(/^layout is 'django'/)
    await postgres.query(`ALTER TABLE ${table} ADD COLUMN account_id integer`)
    await wider.migrate()
  })

  it('refuses an unknown layout', () => {
    expect(() => sqliteEngine({} as never, { layout: 'rails' as never })).toThrow(
      /^layout must be 'own' or 'django'/,
    )
  })
})
