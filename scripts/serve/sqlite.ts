import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { SqliteDatabase } from '../../packages/engines/db/src/sqlite.ts'
import type { ServedEngine } from './engines.ts'

/** Opens SQLite over the file at the URL or path, or over a temporary one. */
export async function openSqlite(url: string | undefined): Promise<ServedEngine> {
  const { sqliteEngine } = await import('../../packages/engines/db/src/sqlite.ts')
  const folder = url === undefined ? mkdtempSync(join(tmpdir(), 'sessions-')) : undefined
  const file = folder === undefined ? pathOf(url ?? '') : join(folder, 'sessions.db')
  const database = openDatabase(file)
  const engine = sqliteEngine(database)
  await engine.migrate()
  return {
    engine,
    close() {
      database.close()
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

function pathOf(url: string): string {
  return url.startsWith('file:') ? fileURLToPath(url) : url
}

/** Has a prebuilt binary, unlike better-sqlite3. Resolved from the engine's package. */
const DRIVER = 'libsql'

function openDatabase(file: string): SqliteDatabase & { close(): unknown } {
  const require = createRequire(new URL('../../packages/engines/db/package.json', import.meta.url))
  const Database = require(DRIVER) as new (file: string) => SqliteDatabase & { close(): unknown }
  return new Database(file)
}
