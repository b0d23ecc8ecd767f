import { postgresEngine } from '../src/postgres.ts'
import { describeServer, type Server } from './describe-server.ts'
import { pgPool } from './postgres-drivers.ts'
import { serviceUrl } from './services.ts'
import { describe } from 'vitest'

type Rows = Record<string, unknown>[]

function open(): Server {
  const pool = pgPool()
  const beside = pgPool()
  const run = async (sql: string): Promise<Rows> => (await beside.query(sql)).rows as Rows
  return {
    engine: (options) => postgresEngine(pool, options),

    async counted(options) {
      await run('CREATE EXTENSION IF NOT EXISTS pg_stat_statements')
      const statements = async (): Promise<number> => {
        const [row] = await run(
          `SELECT coalesce(sum(calls), 0) AS calls FROM pg_stat_statements ` +
            `WHERE query LIKE '%"${options.table}"%' AND query NOT LIKE '%pg_stat_statements%'`,
        )
        return Number(row?.['calls'])
      }
      return { engine: postgresEngine(pool, options), statements, close: async () => undefined }
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
})
