import { createPool } from 'mysql2/promise'
import postgres from 'postgres'
import { afterEach, describe, expect, it } from 'vitest'
import { mysqlEngine } from '../src/mysql.ts'
import { postgresEngine, type DatabaseEngine } from '../src/postgres.ts'
import { pgPool } from './postgres-drivers.ts'
import { record } from './server.ts'
import { freshTable, serviceUrl } from './services.ts'

/** A client whose only connection has a server-side statement timeout. */
interface Client {
  readonly engine: DatabaseEngine
  readonly run: (sql: string) => Promise<readonly unknown[]>
  /** The server's id of the connection. */
  readonly connection: string
  readonly end: () => Promise<unknown>
}

const clients: Readonly<Record<string, (table: string, isBounded: boolean) => Client>> = {
  pg(table, isBounded) {
    const pool = pgPool({ max: 1, ...(isBounded && { statement_timeout: 50 }) })
    return {
      engine: postgresEngine(pool, { table }),
      run: async (sql) => (await pool.query(sql)).rows as unknown[],
      connection: 'SELECT pg_backend_pid()',
      end: async () => pool.end(),
    }
  },
  'postgres.js'(table, isBounded) {
    const connection = isBounded ? { statement_timeout: 50 } : {}
    const sql = postgres(serviceUrl('postgres'), { max: 1, connection })
    return {
      engine: postgresEngine(sql, { table }),
      run: async (text) => sql.unsafe(text),
      connection: 'SELECT pg_backend_pid()',
      end: async () => sql.end(),
    }
  },
  mysql2(table, isBounded) {
    const pool = createPool({ uri: serviceUrl('mysql'), connectionLimit: 1 })
    if (isBounded) {
      pool.on('connection', (connection) => {
        void connection.query('SET innodb_lock_wait_timeout = 1')
      })
    }
    return {
      engine: mysqlEngine(pool, { table }),
      run: async (sql) => (await pool.query(sql))[0] as unknown[],
      connection: 'SELECT connection_id()',
      end: async () => pool.end(),
    }
  },
}

describe.each(Object.keys(clients))(
  'a pool of %s whose server ends statements that wait too long',
  (name) => {
    const cleanup: (() => Promise<unknown>)[] = []
    afterEach(async () => {
      for (const clean of cleanup.splice(0).toReversed()) await clean()
    })

    it('keeps its connection when a row is locked, and writes nothing late', async () => {
      const table = freshTable()
      const open = (isBounded: boolean): Client => {
        const client = clients[name]?.(table, isBounded)
        if (!client) throw new Error(`There is no client ${name}.`)
        cleanup.push(client.end)
        return client
      }
      const other = open(false)
      await other.engine.migrate()
      cleanup.push(async () => other.run(`DROP TABLE ${table}`))
      const { engine, run, connection } = open(true)
      await engine.create('id', record('first'))
      const before = await run(connection)
      await other.run('BEGIN')
      await other.run(`SELECT id FROM ${table} FOR UPDATE`)

      await expect((async () => engine.save('id', record('late')))()).rejects.toThrow(/timeout/i)
      expect(await run(connection)).toEqual(before)
      await other.run('COMMIT')
      expect((await engine.load('id'))?.data).toBe('first')
    })
  },
)
