import { describeEngine } from '@sessions/testing'
import { createPool } from 'mysql2'
import { createPool as createPromisePool } from 'mysql2/promise'
import { afterAll, describe } from 'vitest'
import { mysqlEngine } from '../src/mysql.ts'
import { freshTable, serviceUrl } from './services.ts'

const columns = {
  userId: { name: 'account_id', type: 'text', index: true },
  level: { type: 'integer' },
  admin: { type: 'boolean' },
} as const

describe('through mysql2', () => {
  const uri = serviceUrl('mysql')
  const promises = createPromisePool({ uri, connectionLimit: 10 })
  // Options that an application may have set for its own queries.
  const callbacks = createPool({
    uri,
    connectionLimit: 10,
    supportBigNumbers: true,
    bigNumberStrings: true,
    namedPlaceholders: true,
    timezone: '+05:30',
    flags: ['-FOUND_ROWS'],
  })
  afterAll(async () => {
    await promises.end()
    await callbacks.promise().end()
  })

  describeEngine('mysqlEngine', {
    clearExpired: true,
    find: true,
    open: async ({ clock }) => {
      const options = { table: freshTable(), columns, clock }
      const engine = mysqlEngine(promises, options)
      await engine.migrate()
      return {
        engine,
        peer: mysqlEngine(callbacks, options),
        close: async () => void (await promises.query(`DROP TABLE ${options.table}`)),
      }
    },
  })
})
