import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SqliteDatabase } from '../src/sqlite.ts'

/** A database object of any driver. */
export interface TestDatabase extends SqliteDatabase {
  close(): unknown
}

type DatabaseClass = new (file: string) => TestDatabase

const require = createRequire(import.meta.url)

const classes: Readonly<Record<string, () => DatabaseClass>> = {
  'better-sqlite3': () => require('better-sqlite3') as DatabaseClass,
  libsql: () => require('libsql') as DatabaseClass,
  'node:sqlite': () => (require('node:sqlite') as { DatabaseSync: DatabaseClass }).DatabaseSync,
}

/** The drivers to test: those of `SESSIONS_SQLITE_DRIVERS`, or all that this Node has. */
export const drivers: readonly string[] =
  process.env['SESSIONS_SQLITE_DRIVERS']?.split(',').map((name) => name.trim()) ??
  ['better-sqlite3', 'libsql', 'node:sqlite'].filter(
    (name) => !name.startsWith('node:') || isBuiltin(name),
  )

/** Opens a file with a driver. */
export function openDatabase(driver: string, file: string): TestDatabase {
  const load = classes[driver]
  if (!load) {
    throw new Error(
      `There is no driver ${driver}: SESSIONS_SQLITE_DRIVERS names ${Object.keys(classes).join()}`,
    )
  }
  return new (load())(file)
}

/** A file in a folder of its own, and connections to it. */
export interface TestFile {
  readonly path: string
  readonly connect: () => TestDatabase
  /** Closes the connections and removes the folder. */
  readonly remove: () => void
}

/** A database file that no other test uses. */
export function testFile(driver: string): TestFile {
  const folder = mkdtempSync(join(tmpdir(), 'sessions-sqlite-'))
  const path = join(folder, 'sessions.db')
  const open: TestDatabase[] = []
  return {
    path,
    connect() {
      const database = openDatabase(driver, path)
      open.push(database)
      return database
    },
    remove() {
      for (const database of open) database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The rows as plain objects, whatever kind of objects the driver returns. */
export const rows = (database: SqliteDatabase, sql: string): object[] =>
  database
    .prepare(sql)
    .all()
    .map((row) => ({ ...(row as object) }))
