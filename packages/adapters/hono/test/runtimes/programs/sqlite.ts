import { sqliteEngine, type SqliteDatabase } from '@sessions/db/sqlite'
import type { SessionEngine } from '@sessions/core'

/** An engine over a new database in memory, of the SQLite that a runtime brings along. */
export async function openSqlite(
  Database: new (path: string) => SqliteDatabase,
): Promise<SessionEngine> {
  const engine = sqliteEngine(new Database(':memory:'))
  await engine.migrate()
  return engine
}
