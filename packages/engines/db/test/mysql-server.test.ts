import { createPool, type Pool } from 'mysql2/promise'
import { describe } from 'vitest'
import { mysqlEngine } from '../src/mysql.ts'
import { describeServer } from './describe-server.ts'
import type { Server } from './server.ts'
import { lockWaiters } from './mysql-waiters.ts'
import { serviceUrl } from './services.ts'

type Rows = Record<string, unknown>[]

const poolOf = (connectionLimit: number): Pool =>
  createPool({ uri: serviceUrl('mysql'), connectionLimit })

function open(): Server {
  const pool = poolOf(10)
  const beside = poolOf(10)
  const run = async (sql: string): Promise<Rows> => {
    const [rows] = await beside.query(sql)
    return Array.isArray(rows) ? (rows as Rows) : []
  }
  return {
    engine: (options) => mysqlEngine(pool, options),

    async counted(options) {
      const single = poolOf(1)
      const statements = async (): Promise<number> => {
        const [rows] = await single.query(`SHOW SESSION STATUS LIKE 'Questions'`)
        return Number((rows as Rows)[0]?.['Value'])
      }
      let asked = 0
      return {
        engine: mysqlEngine(single, options),
        async statements() {
          // The statement that asks is counted, too.
          asked += 1
          return (await statements()) - asked
        },
        close: async () => single.end(),
      }
    },

    run,

    async hold(...statements) {
      const connection = await beside.getConnection()
      for (const statement of ['BEGIN', ...statements]) await connection.query(statement)
      return {
        async commit() {
          await connection.query('COMMIT')
          connection.release()
        },
      }
    },

    waiting: async (table) => (await lockWaiters(beside, table)).length,

    async close() {
      await pool.end()
      await beside.end()
    },
  }
}

describe('mysqlEngine', () => {
  describeServer('mysql2', { url: () => serviceUrl('mysql'), open })
})
