import { createPool, type Pool, type PoolConnection } from 'mysql2/promise'
import { afterEach, describe, expect, it } from 'vitest'
import { mysqlEngine, type DatabaseEngine } from '../src/mysql.ts'
import { describeFaults, failureOf } from './describe-faults.ts'
import { record } from './server.ts'
import { lockWaiters } from './mysql-waiters.ts'
import { freshTable, serviceUrl } from './services.ts'

const poolOf = (url: string, connectionLimit = 10, connectTimeout = 10_000): Pool =>
  createPool({ uri: url, connectionLimit, connectTimeout })

describe('mysqlEngine through mysql2', () => {
  describeFaults({
    service: 'mysql',
    replacesHung: true,
    forgets: true,
    open({ url, table, timeout, connections, connectTimeout }) {
      const pool = poolOf(url, connections, connectTimeout)
      return {
        engine: mysqlEngine(pool, { table, timeout }),
        async occupy() {
          const connection = await pool.getConnection()
          return () => connection.release()
        },
        close: async () => pool.end().catch(() => undefined),
      }
    },
  })

  describe('when the server ends the statement', () => {
    const pools: Pool[] = []
    const tables: string[] = []
    const held: PoolConnection[] = []
    afterEach(async () => {
      for (const connection of held.splice(0)) {
        await connection.query('ROLLBACK')
        connection.release()
      }
      for (const table of tables.splice(0)) await pools[0]?.query(`DROP TABLE IF EXISTS ${table}`)
      for (const pool of pools.splice(0)) await pool.end()
    })

    const opened = async (): Promise<{ engine: DatabaseEngine; beside: Pool; table: string }> => {
      const beside = poolOf(serviceUrl('mysql'))
      const pool = poolOf(serviceUrl('mysql'))
      const table = freshTable()
      pools.push(beside, pool)
      tables.push(table)
      const engine = mysqlEngine(pool, { table })
      await engine.migrate()
      await engine.create('id', record('first'))
      return { engine, beside, table }
    }
    const hold = async (beside: Pool, ...statements: string[]): Promise<PoolConnection> => {
      const connection = await beside.getConnection()
      held.push(connection)
      for (const statement of ['BEGIN', ...statements]) await connection.query(statement)
      return connection
    }

    it('fails with the cause when a connection is killed, and recovers on another', async () => {
      const { engine, beside, table } = await opened()
      const connection = await hold(beside, `UPDATE ${table} SET data = 'theirs'`)
      const failure = failureOf(engine.save('id', record('ours')))
      await beside.query(`KILL ${await waiter(beside, table)}`)

      expect(await failure).toMatchObject({ code: expect.any(String) })
      await connection.query('COMMIT')
      expect((await engine.load('id'))?.data).toBe('theirs')
    })

    it('fails with a deadlock as the cause, and writes nothing', async () => {
      const { engine, beside, table } = await opened()
      // As an application's triggers may do: each save also writes to another table.
      const audit = freshTable()
      tables.push(audit)
      await beside.query(`CREATE TABLE ${audit} (id int PRIMARY KEY, n int)`)
      const rows = Array.from({ length: 100 }, (_, index) => [index + 1, 0])
      await beside.query(`INSERT INTO ${audit} VALUES ?`, [rows])
      await beside.query(
        `CREATE TRIGGER ${table} BEFORE UPDATE ON ${table} FOR EACH ROW UPDATE ${audit} SET n = n + 1 WHERE id = 1`,
      )
      // The server ends the transaction that has done less.
      const other = await hold(beside, `UPDATE ${audit} SET n = n + 1`)
      const failure = failureOf(engine.save('id', record('ours')))
      await waiter(beside, audit)
      await other.query(`SELECT 1 FROM ${table} WHERE id = 'id' FOR UPDATE`)

      expect(await failure).toMatchObject({ code: 'ER_LOCK_DEADLOCK' })
      await other.query('COMMIT')
      expect((await engine.load('id'))?.data).toBe('first')
    })
  })
})

/** Resolves to the id of the connection whose statement on that table waits for a lock. */
async function waiter(beside: Pool, table: string): Promise<number> {
  for (;;) {
    const [id] = await lockWaiters(beside, table)
    if (id !== undefined) return id
  }
}
