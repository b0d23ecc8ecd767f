import { sqliteEngine } from '@sessions/db/sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import type { Clock } from '@sessions/core'
import { columns } from './columns.ts'

/** A SQLite file of its own, and engines over connections to it. */
export interface TestFile {
  readonly connect: () => Promise<ReturnType<typeof sqliteEngine>>
  /** Closes the connections and removes the file. */
  readonly remove: () => void
}

/** A file that no other test uses. */
export function testFile(clock: Clock): TestFile {
  const folder = mkdtempSync(join(tmpdir(), 'sessions-cached-db-'))
  const open: { close(): unknown }[] = []
  return {
    async connect() {
      const database = new Database(join(folder, 'sessions.db'))
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
