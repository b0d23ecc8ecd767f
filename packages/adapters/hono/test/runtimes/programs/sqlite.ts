import { sqliteEngine, type SqliteDatabase } from '@sessions/db/sqlite'
import type { SessionEngine } from '@sessions/core'

/** An engine over a new in-memory database, in the SQLite that is built into the runtime. */
export async function openSqlite(
  Database: new (path: string) => SqliteDatabase,
): Promise<SessionEngine> {
  const engine = sqliteEngine(new Database(':memory:'))
  await engine.migrate()
  return engine
}
