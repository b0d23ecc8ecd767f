import type { SessionEngine } from '@sessions/core'
import { sqliteEngine } from '@sessions/db/sqlite'
import Database from 'libsql'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/** An engine over a file. */
export interface SqliteFile {
  readonly engine: SessionEngine
  /** Closes the file. */
  readonly close: () => void
}

/** Opens a SQLite file, and makes it and its table where there are none. */
export async function openSqliteFile(path: string): Promise<SqliteFile> {
  mkdirSync(dirname(path), { recursive: true })
  const database = new Database(path)
  const engine = sqliteEngine(database)
  await engine.migrate()
  return {
    engine,
    close() {
      database.close()
    },
  }
}
