import { describeEngine } from '@sessions/testing'
import { afterAll, describe } from 'vitest'
import { postgresEngine } from '../src/postgres.ts'
import { drivers, type TestClient } from './postgres-drivers.ts'
import { freshTable } from './services.ts'

const columns = {
  userId: { name: 'account_id', type: 'text', index: true },
  level: { type: 'integer' },
  admin: { type: 'boolean' },
} as const

describe.each(Object.entries(drivers))('through %s', (driver, connect) => {
  const opened = new Map<string, Promise<TestClient>>()
  const client = async (which: string): Promise<TestClient> => {
    const one = opened.get(which) ?? connect()
    opened.set(which, one)
    return one
  }
  afterAll(async () => {
    for (const one of opened.values()) await (await one).end()
  })

  describeEngine('postgresEngine', {
    clearExpired: true,
    find: true,
    open: async ({ clock }) => {
      const options = { table: freshTable(), columns, clock }
      const { client: own, run } = await client('own')
      const { client: other } = await client(driver === 'PGlite' ? 'own' : 'other')
      const engine = postgresEngine(own, options)
      await engine.migrate()
      return {
        engine,
        peer: postgresEngine(other, options),
        close: async () => void (await run(`DROP TABLE ${options.table}`)),
      }
    },
  })
})
