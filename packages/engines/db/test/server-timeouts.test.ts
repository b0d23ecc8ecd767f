import { createPool } from 'mysql2/promise'
import postgres from 'postgres'
import { afterEach, describe, expect, it } from 'vitest'
import { mysqlEngine } from '../src/mysql.ts'
import { postgresEngine, type DatabaseEngine } from '../src/postgres.ts'
import { pgPool } from './postgres-drivers.ts'
import { record } from './server.ts'
import { freshTable, serviceUrl } from './services.ts'

/** A client with a single connection. */
interface Client {
  readonly engine: DatabaseEngine
  readonly run: (sql: string) => Promise<readonly unknown[]>
  /** The server's id of the connection. */
  readonly connection: string
  /** Makes the server end statements of the connection that wait too long, and then no longer. */
  readonly limit: string
  readonly noLimit: string
  readonly end: () => Promise<unknown>
}

const clients: Readonly<Record<string, (table: string) => Client>> = {
  pg(table) {
    const pool = pgPool({ max: 1 })
    return {
      engine: postgresEngine(pool, { table }),
      run: async (sql) => (await pool.query(sql)).rows as unknown[],
      connection: 'SELECT pg_backend_pid()',
      limit: 'SET statement_timeout = 250',
      noLimit: 'SET statement_timeout = 0',
      end: async () => pool.end(),
    }
  },
  'postgres.js'(table) {
    const sql = postgres(serviceUrl('postgres'), { max: 1 })
    return {
      engine: postgresEngine(sql, { table }),
      run: async (text) => sql.unsafe(text),
      connection: 'SELECT pg_backend_pid()',
      limit: 'SET statement_timeout = 250',
      noLimit: 'SET statement_timeout = 0',
      end: async () => sql.end(),
    }
  },
  mysql2(table) {
    const pool = createPool({ uri: serviceUrl('mysql'), connectionLimit: 1 })
    return {
      engine: mysqlEngine(pool, { table }),
      run: async (sql) => (await pool.query(sql))[0] as unknown[],
      connection: 'SELECT connection_id()',
      limit: 'SET innodb_lock_wait_timeout = 1',
      noLimit: 'SET innodb_lock_wait_timeout = DEFAULT',
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
      const open = (): Client => {
        const client = clients[name]?.(table)
        if (!client) throw new Error(`There is no client ${name}.`)
        cleanup.push(client.end)
        return client
      }
      const other = open()
      await other.engine.migrate()
      cleanup.push(async () => other.run(`DROP TABLE ${table}`))
      const { engine, run, connection, limit, noLimit } = open()
      await engine.create('id', record('first'))
      const before = await run(connection)
      await other.run('BEGIN')
      await other.run(`SELECT id FROM ${table} FOR UPDATE`)

      await run(limit)
      await expect((async () => engine.save('id', record('late')))()).rejects.toThrow(/timeout/i)
      await run(noLimit)
      expect(await run(connection)).toEqual(before)
      await other.run('COMMIT')
      expect((await engine.load('id'))?.data).toBe('first')
    })
  },
)
