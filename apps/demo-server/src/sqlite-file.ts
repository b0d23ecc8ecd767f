import type { SessionEngine } from '@sessions/core'
import { sqliteEngine } from '@sessions/db/sqlite'
import Database from 'libsql'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/** An engine over a SQLite file. */
export interface SqliteFile {
  readonly engine: SessionEngine
  /** Closes the file. */
  readonly close: () => void
}

/** Opens a SQLite file; creates it, its folder and its table if they do not exist. */
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
