import { describeEngine } from '@sessions/testing'
import { sqliteEngine } from '../src/sqlite.ts'
import { drivers, testFile } from './drivers.ts'

const columns = {
  userId: { name: 'account_id', type: 'text', index: true },
  level: { type: 'integer' },
  admin: { type: 'boolean' },
} as const

for (const driver of drivers) {
  describeEngine(`sqliteEngine over ${driver}`, {
    clearExpired: true,
    find: true,
    open: async ({ clock }) => {
      const file = testFile(driver)
      const engine = sqliteEngine(file.connect(), { columns, clock })
      const peer = sqliteEngine(file.connect(), { columns, clock })
      await engine.migrate()
      return { engine, peer, close: file.remove }
    },
  })
}
