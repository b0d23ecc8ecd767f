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

/**
 * Opens a SQLite file; creates it, its folder and its table if they do not exist.
 *
 * @throws {Error} if the file cannot be written; the message says what to do.
 */
export async function openSqliteFile(path: string): Promise<SqliteFile> {
  try {
    return await open(path)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(
      `Sessions cannot be stored in ${path} (${reason}): check that the folder is writable, or choose another store, as in npm start -- --engine memory`,
      { cause: error },
    )
  }
}

async function open(path: string): Promise<SqliteFile> {
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
