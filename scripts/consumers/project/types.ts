import { createSessions, SessionError, type SessionEngine, type Sessions } from '@sessions/core'
import { sqliteEngine } from '@sessions/db/sqlite'
import { sessions } from '@sessions/hono'
import { memoryEngine } from '@sessions/memory'
import { Hono } from 'hono'
import Database from 'libsql'

interface Visit {
  views?: number
}

const engine: SessionEngine = memoryEngine()
const manager: Sessions<Visit> = createSessions<Visit>({ engine })

export const app = new Hono().use(sessions(manager)).get('/', async (c) => {
  const session = await c.var.session.load()
  const views: number = session.get('views', 0) + 1
  session.set('views', views)
  return c.json({ views, key: session.sessionKey ?? null })
})

export const database: SessionEngine = sqliteEngine(new Database(':memory:'))

export const isOurs = (error: unknown): boolean => error instanceof SessionError
