import { memoryEngine } from '@sessions/memory'
import { sqliteEngine } from '@sessions/db/sqlite'
import { describeAdapter } from '@sessions/testing'
import Database from 'libsql'
import { beforeEach, vi } from 'vitest'
import { serveReferenceApp } from './reference-app.ts'

// Hono's default error handler logs the errors that the app throws on purpose.
beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
})

describeAdapter('hono over memory', {
  open: ({ clock }) => ({ engine: memoryEngine({ clock }) }),
  serve: serveReferenceApp,
})

describeAdapter('hono over SQLite', {
  async open({ clock }) {
    const database = new Database(':memory:')
    const engine = sqliteEngine(database, { clock })
    await engine.migrate()
    return { engine, close: () => void database.close() }
  },
  serve: serveReferenceApp,
})
