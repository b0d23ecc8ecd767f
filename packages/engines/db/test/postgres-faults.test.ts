import { Pool, type PoolClient } from 'pg'
import { afterEach, describe, expect, it } from 'vitest'
import { postgresEngine, type DatabaseEngine } from '../src/postgres.ts'
import { describeFaults, failureOf } from './describe-faults.ts'
import { record } from './server.ts'
import { freshTable, serviceUrl } from './services.ts'

function poolOf(options: object): Pool {
  const pool = new Pool({ connectionString: serviceUrl('postgres'), ...options })
  // The pool reports the end of an idle connection here, as the manual of pg says.
  pool.on('error', () => undefined)
  return pool
}

describe('postgresEngine through pg', () => {
  describeFaults({
    service: 'postgres',
    replacesHung: true,
    forgets: true,
    open({ url, table, timeout, connections = 10, connectTimeout = 10_000 }) {
      const pool = poolOf({
        connectionString: url,
        max: connections,
        // Without it, the pool waits for ever for a connection that hangs while it is being opened.
        connectionTimeoutMillis: connectTimeout,
      })
      return {
        engine: postgresEngine(pool, { table, timeout }),
        async occupy() {
          const client = await pool.connect()
          return () => client.release()
        },
        close: async () => pool.end(),
      }
    },
  })

  describe('when the server ends the statement', () => {
    const pools: Pool[] = []
    const tables: string[] = []
    const held: PoolClient[] = []
    afterEach(async () => {
      for (const client of held.splice(0)) {
        await client.query('ROLLBACK')
        client.release()
      }
      for (const table of tables.splice(0)) await pools[0]?.query(`DROP TABLE ${table} CASCADE`)
      for (const pool of pools.splice(0)) await pool.end()
    })

    const opened = async (
      options = '',
    ): Promise<{ engine: DatabaseEngine; pool: Pool; beside: Pool; table: string }> => {
      const beside = poolOf({})
      const pool = poolOf({ options })
      const table = freshTable()
      pools.push(beside, pool)
      tables.push(table)
      const engine = postgresEngine(pool, { table })
      await engine.migrate()
      await engine.create('id', record('first'))
      return { engine, pool, beside, table }
    }
    const hold = async (beside: Pool, ...statements: string[]): Promise<PoolClient> => {
      const client = await beside.connect()
      held.push(client)
      for (const statement of ['BEGIN', ...statements]) await client.query(statement)
      return client
    }

    it('fails with the cause when a backend is terminated, and recovers on another', async () => {
      const { engine, beside, table } = await opened()
      const client = await hold(beside, `UPDATE ${table} SET data = 'theirs'`)
      const failure = failureOf(engine.save('id', record('ours')))
      const [pid] = await waiters(beside, table)
      await beside.query(`SELECT pg_terminate_backend(${pid})`)

      expect(await failure).toMatchObject({ code: '57P01' })
      await client.query('COMMIT')
      expect((await engine.load('id'))?.data).toBe('theirs')
    })

    it('uses another connection when idle ones are terminated', async () => {
      const { engine, beside } = await opened('-c application_name=idle_sessions')
      await Promise.all(Array.from({ length: 5 }, async () => engine.load('id')))
      await beside.query(
        `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'idle_sessions'`,
      )
      const outcomes = await Promise.allSettled([engine.load('id'), engine.load('id')])
      for (const outcome of outcomes) {
        if (outcome.status === 'fulfilled') expect(outcome.value?.data).toBe('first')
      }
      expect((await engine.load('id'))?.data).toBe('first')
    })

    it.each([
      [
        'the type of a column has changed',
        { code: '0A000' },
        'ALTER TABLE $ ALTER data TYPE varchar',
      ],
      ['the application has discarded the prepared statements', unprepared('26000'), 'DISCARD ALL'],
      [
        'the application has left a failed transaction',
        { code: '25P02' },
        'BEGIN; SELECT nothing FROM $',
      ],
    ])('fails once on each connection, and not for ever, after %s', async (_, error, statement) => {
      const { engine, pool, table } = await opened()
      await engine.load('id')
      const client = await pool.connect()
      await client.query(statement.replace('$', table)).catch(() => undefined)
      client.release()

      expect(await failureOf(engine.load('id'))).toMatchObject(error)
      expect((await engine.load('id'))?.data).toBe('first')
    })

    it('names the remedy on a connection on which a pooler has let another process prepare the statement', async () => {
      const { engine, pool, table } = await opened()
      await engine.load('id')
      const { rows } = await pool.query<{ again: string }>(
        `SELECT format('PREPARE %I AS SELECT 1', name) AS again FROM pg_prepared_statements`,
      )
      const shared = new Pool({ connectionString: serviceUrl('postgres'), max: 1 })
      for (const { again } of rows) await shared.query(again)

      const failure = failureOf(postgresEngine(shared, { table }).load('id'))
      expect(await failure).toMatchObject(unprepared('42P05'))
      await shared.end()
    })

    it('saves on a new connection, which may lead to another server, after the server has become read-only', async () => {
      const { engine, pool } = await opened()
      await pool.query('SET default_transaction_read_only = on')
      await engine.load('id')

      expect(await failureOf(engine.save('id', record('refused')))).toMatchObject({ code: '25006' })
      expect(await engine.save('id', record('second'))).toMatchObject({ status: 'saved' })
    })

    it('fails with a serialization failure under a stricter isolation level, and writes nothing', async () => {
      const { engine, beside, table } = await opened(
        '-c default_transaction_isolation=serializable',
      )
      const client = await hold(beside, `UPDATE ${table} SET data = 'theirs'`)
      const failure = failureOf(engine.save('id', record('ours')))
      await waiters(beside, table)
      await client.query('COMMIT')

      expect(await failure).toMatchObject({ code: '40001' })
      expect((await engine.load('id'))?.data).toBe('theirs')
    })

    it('fails with a deadlock as the cause, and writes nothing', async () => {
      const { engine, beside, table } = await opened('-c deadlock_timeout=10ms')
      // As an application's triggers may do: each save takes a lock, and waits for another before it reaches its row.
      await beside.query(`
        CREATE FUNCTION ${table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          PERFORM pg_advisory_xact_lock(hashtext('${table}'), 1);
          PERFORM pg_advisory_xact_lock(hashtext('${table}'), 2);
          RETURN NULL;
        END $$;
        CREATE TRIGGER gate BEFORE UPDATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION ${table}();
      `)
      const lock = (number: number): string =>
        `SELECT pg_advisory_xact_lock(hashtext('${table}'), ${number})`
      const gate = await hold(beside, lock(2))
      const other = await hold(
        beside,
        `SET LOCAL deadlock_timeout = '60s'`,
        `SELECT 1 FROM ${table} FOR UPDATE`,
      )
      const failure = failureOf(engine.save('id', record('ours')))
      await waiters(beside, table)
      const taking = other.query(lock(1))
      await waiters(beside, table, 2)
      await gate.query('COMMIT')

      expect(await failure).toMatchObject({ code: '40P01' })
      await taking
      await other.query('COMMIT')
      expect((await engine.load('id'))?.data).toBe('first')
      await beside.query(`DROP FUNCTION ${table} CASCADE`)
    })
  })
})

/** The error of a connection that does not know its prepared statements. */
function unprepared(code: string): object {
  return {
    message: expect.stringContaining("set the engine's option `prepare` to false"),
    cause: { code },
  }
}

/** Resolves to the process ids of the statements on that table that wait for a lock, once there are that many. */
async function waiters(beside: Pool, table: string, count = 1): Promise<readonly number[]> {
  for (;;) {
    const { rows } = await beside.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%${table}%'`,
    )
    if (rows.length >= count) return rows.map(({ pid }) => pid)
  }
}
