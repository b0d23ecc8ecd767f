import { sqliteEngine, type SqliteDatabase } from '@sessions/db/sqlite'
import { createRequire } from 'node:module'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '@sessions/core'
import { columns } from './columns.ts'

type Database = SqliteDatabase & { close(): unknown }

const Libsql = createRequire(import.meta.url)('libsql') as new (file: string) => Database

/** A SQLite file of its own, and engines over connections to it. */
export interface TestFile {
  readonly connect: () => Promise<ReturnType<typeof sqliteEngine>>
  /** Closes the connections and removes the file. */
  readonly remove: () => void
}

/** A file that no other test has. */
export function testFile(clock: Clock): TestFile {
  const folder = mkdtempSync(join(tmpdir(), 'sessions-cached-db-'))
  const open: Database[] = []
  return {
    async connect() {
      const database = new Libsql(join(folder, 'sessions.db'))
      open.push(database)
      const engine = sqliteEngine(database, { columns, clock })
      await engine.migrate()
      return engine
    },
    remove() {
      for (const database of open) database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
