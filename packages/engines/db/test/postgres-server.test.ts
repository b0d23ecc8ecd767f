import { inspect } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { postgresEngine } from '../src/postgres.ts'
import { describeServer } from './describe-server.ts'
import { record, type Server } from './server.ts'
import { pgPool } from './postgres-drivers.ts'
import { freshTable, serviceUrl } from './services.ts'

type Rows = Record<string, unknown>[]

function open(): Server {
  const pool = pgPool()
  const beside = pgPool()
  const run = async (sql: string): Promise<Rows> => (await beside.query(sql)).rows as Rows
  return {
    engine: (options) => postgresEngine(pool, options),

    // By a role of its own: since version 18, PostgreSQL counts inserts into all tables as one statement, since they have
    // the same alias.
    async counted(options) {
      const role = freshTable()
      await run('CREATE EXTENSION IF NOT EXISTS pg_stat_statements')
      await run(`CREATE ROLE ${role} SUPERUSER`)
      const counted = pgPool({ max: 1, options: `-c role=${role}` })
      const statements = async (): Promise<number> => {
        const [row] = await run(
          `SELECT coalesce(sum(calls), 0) AS calls FROM pg_stat_statements WHERE userid = '${role}'::regrole`,
        )
        return Number(row?.['calls'])
      }
      const close = async (): Promise<void> => {
        await counted.end()
        await run(`DROP ROLE ${role}`)
      }
      return { engine: postgresEngine(counted, options), statements, close }
    },

    run,

    async hold(...statements) {
      const client = await beside.connect()
      for (const statement of ['BEGIN', ...statements]) await client.query(statement)
      return {
        async commit() {
          await client.query('COMMIT')
          client.release()
        },
      }
    },

    async waiting(table) {
      const rows = await run(
        `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%"${table}"%'`,
      )
      return rows.length
    },

    async close() {
      await pool.end()
      await beside.end()
    },
  }
}

describe('postgresEngine', () => {
  describeServer('pg', { url: () => serviceUrl('postgres'), open })

  it.each([
    [true, 2],
    [false, 0],
  ])('prepares statements on the server according to prepare: %s', async (prepare, count) => {
    const pool = pgPool({ max: 1 })
    const table = freshTable()
    const engine = postgresEngine(pool, { table, prepare, timeout: Infinity })
    await engine.migrate()
    for (const id of ['one', 'two']) {
      await engine.create(id, record('{}'))
      expect((await engine.load(id))?.data).toBe('{}')
    }
    const { rows } = await pool.query(
      `SELECT name FROM pg_prepared_statements WHERE statement LIKE '%"${table}"%' AND name LIKE 'sessions_%' ` +
        `AND statement NOT LIKE '%to_regclass%'`,
    )
    await pool.query(`DROP TABLE ${table}`)
    await pool.end()
    expect(rows).toHaveLength(count)
  })

  it('makes pg copy no statement, and read no columns except those of a load', async () => {
    const pool = pgPool({ max: 1 })
    const table = freshTable()
    const engine = postgresEngine(pool, { table })
    await engine.migrate()
    const columns: number[] = []
    const client = await pool.connect()
    const given = vi.spyOn(client, 'query')
    Reflect.get(client, 'connection').on('dataRow', ({ fields }: { fields: readonly unknown[] }) =>
      columns.push(fields.length),
    )
    client.release()

    await engine.create('one', record('{}'))
    await engine.create('one', record('{}'))
    await engine.delete('one')
    expect(columns).toEqual([])
    const created = await engine.create('two', record('{}'))
    await engine.load('two')
    expect(columns.splice(0)).toEqual([3])
    const version = created.status === 'saved' ? created.version : ''
    await engine.touch('two', record('{}'), version)
    await engine.save('two', record('{"a":1}'), version)
    await engine.save('two', record('{"a":2}'))
    expect(columns.splice(0)).toEqual([0, 0, 0])
    await engine.save('two', record('{"a":3}'), version)
    await engine.delete('two', version)
    expect(columns).toEqual([0, 0, 0, 0])
    expect(given.mock.calls.map(([statement]) => Object.keys(statement))).toEqual(
      given.mock.calls.map(() => []),
    )
    expect(given).toHaveBeenCalledTimes(10)

    await pool.query(`DROP TABLE ${table}`)
    await pool.end()
  })

  it('lets others read while a migration waits for a transaction that has read the table', async () => {
    const pool = pgPool()
    const table = freshTable()
    const engine = postgresEngine(pool, { table, timeout: Infinity })
    await engine.migrate()
    await engine.create('id', record('{}'))
    const reader = await pool.connect()
    await reader.query('BEGIN')
    await reader.query(`SELECT 1 FROM ${table}`)

    const columns = { userId: { type: 'text', index: true } } as const
    const wider = postgresEngine(pool, { table, columns })
    const migrated = wider.migrate()
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%ALTER TABLE "${table}"%'`
    while ((await pool.query(waiting)).rows.length === 0);
    // They queue behind the migration until it steps back.
    expect(await engine.load('id')).toMatchObject({ data: '{}' })
    await reader.query('COMMIT')
    reader.release()
    await migrated
    const ada = { ...record('{}'), attributes: { userId: 'ada' } }
    expect((await wider.create('ada', ada)).status).toBe('saved')

    await pool.query(`DROP TABLE ${table}`)
    await pool.end()
  })

  it('reads each page of find in the order of its index, so that no page reads records of other values', async () => {
    const pool = pgPool({ max: 1 })
    const table = freshTable()
    const columns = { userId: { type: 'text', index: true, name: 'user_id' } } as const
    const engine = postgresEngine(pool, { table, columns })
    await engine.migrate()
    const inHour = Date.now() + 3_600_000
    await pool.query(
      `INSERT INTO ${table} SELECT md5(n::text), '{}', ${inHour}, '', 'user ' || n % 20 FROM generate_series(1, 20000) n`,
    )
    await pool.query(`ANALYZE ${table}`)
    // So few records it would rather sort than read in order.
    await pool.query('SET enable_bitmapscan = off')

    const client = await pool.connect()
    const given = vi.spyOn(client, 'query')
    client.release()
    await engine.find('userId', 'user 7')[Symbol.asyncIterator]().next()
    const find: string = Reflect.get(given.mock.lastCall?.[0] ?? {}, 'text')
    const { rows } = await pool.query(`EXPLAIN ${find}`, [null, 'user 7', '', 500])
    await pool.query(`DROP TABLE ${table}`)
    await pool.end()

    const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
    expect(plan).toMatch(/Index Cond: \(\(user_id = 'user 7'.*\) AND \(id > ''.*\)\)/)
    expect(plan).not.toContain('Sort')
  })

  it('quotes nothing of a session in the error of a constraint that the application has added', async () => {
    const pool = pgPool()
    const table = freshTable()
    const columns = { userId: { type: 'text', name: 'user_id' } } as const
    const engine = postgresEngine(pool, { table, columns })
    await engine.migrate()
    await pool.query(`ALTER TABLE ${table} ADD CHECK (user_id <> 'ada lovelace')`)

    const error: unknown = await Promise.resolve(
      engine.create('one', { ...record('a secret'), attributes: { userId: 'ada lovelace' } }),
    ).catch((reason: unknown) => reason)

    expect(error).toMatchObject({ code: '23514', table })
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/a secret|ada lovelace/)

    await pool.query(`DROP TABLE ${table}`)
    await pool.end()
  })
})
