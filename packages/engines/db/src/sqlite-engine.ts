import type { Clock, LoadedRecord, Saved } from '@sessions/core'
import type { DatabaseEngine } from './database-engine.ts'
import { findPages } from './find-pages.ts'
import { purge } from './purge.ts'
import { rowOf, rowsOf, type Row, type SqliteDatabase } from './sqlite-database.ts'
import { migrateSqlite, setBusyTimeout } from './sqlite-migrate.ts'
import { preparedRun } from './sqlite-prepared.ts'
import { sqliteMigration } from './sqlite-sql.ts'
import { columnOf, columnValue, filedValues, tableOf, type TableOptions } from './table.ts'
import { versions } from './versions.ts'

/** What `sqliteEngine` takes. */
export interface SqliteEngineOptions extends TableOptions {
  /**
   * How many milliseconds a call waits for another process that is writing, before it fails. The wait holds up this
   * process: the drivers are synchronous.
   *
   * @default what the connection was opened with, or 5000 where that is 0
   */
  readonly busyTimeout?: number | undefined

  /**
   * The time in epoch milliseconds. Records expire by it, because SQLite runs in this process.
   *
   * @default { now: Date.now }
   */
  readonly clock?: Clock | undefined
}

/** How many records are purged at once, unless told: nothing else happens in this process meanwhile. */
const BATCH = 100

/**
 * Keeps sessions in a table of a SQLite database: for sites on one host, in one process or several.
 *
 * @param database The database object of better-sqlite3, libsql or node:sqlite. The engine prepares its statements at
 * the first call, and never closes the database.
 * @throws {InvalidSettingError} when a table or column has an impossible name.
 * @example
 * import Database from 'better-sqlite3'
 *
 * const engine = sqliteEngine(new Database('sessions.db'))
 * await engine.migrate()
 */
export function sqliteEngine(
  database: SqliteDatabase,
  options: SqliteEngineOptions = {},
): DatabaseEngine {
  const table = tableOf(options)
  const { busyTimeout, clock = { now: () => Date.now() } } = options
  const nextVersion = versions()
  const run = preparedRun(database, table, () => setBusyTimeout(database, busyTimeout))

  return {
    name: 'sqlite',

    load: (id) => run(({ load }) => recordOf(rowOf(load, id, clock.now()))),

    exists: (id) => run(({ exists }) => rowOf(exists, id, clock.now()) !== undefined),

    create: (id, { data, expiresAt, attributes }) =>
      run(({ create }) => {
        const version = nextVersion()
        const values = [data, expiresAt, ...filedValues(table, attributes), version]
        const { changes } = create.run(id, ...values, clock.now())
        return Number(changes) > 0 ? { status: 'saved', version } : { status: 'taken' }
      }),

    save: (id, { data, expiresAt, attributes }, known) =>
      run(({ save }) => {
        const version = nextVersion()
        const values = [data, expiresAt, ...filedValues(table, attributes), version]
        const pairs = values.flatMap((value) => [known ?? null, value])
        const [row] = rowsOf(save, ...pairs, id, clock.now())
        return savedIf(row, version)
      }),

    touch: (id, { expiresAt }, known) =>
      run(({ touch }) => {
        const [row] = rowsOf(touch, known ?? null, expiresAt, id, clock.now())
        return savedIf(row, known)
      }),

    delete: (id, known) =>
      run(({ remove, exists }) => {
        const now = clock.now()
        if (Number(remove.run(id, now, known ?? null).changes) > 0) return 'deleted'
        if (known === undefined) return 'missing'
        // A deletion cannot say of the row that it left what version that has. Nothing happened yet, so asking now is
        // as good as having asked then: the answer is true of this moment, in which nothing was deleted either.
        return rowOf(exists, id, now) ? 'conflict' : 'missing'
      }),

    async clearExpired(how) {
      const now = clock.now()
      const options = { ...how, batchSize: how.batchSize ?? BATCH }
      return purge((limit) => run(({ clear }) => Number(clear.run(now, limit).changes)), options)
    },

    async *find(attribute, value) {
      const column = columnOf(table, attribute)
      const wanted = columnValue(column.type, value)
      if (wanted === null) return
      yield* findPages((last, limit) =>
        run(({ find }) => rowsOf(find(column), wanted, clock.now(), last, limit)),
      )
    },

    async migrate() {
      setBusyTimeout(database, busyTimeout)
      migrateSqlite(database, table)
    },

    migrationSql: () => sqliteMigration(table),
  }
}

function recordOf(row: Row | undefined): LoadedRecord | undefined {
  if (!row) return undefined
  const { data, expires_at: expiresAt, version } = row
  return { data: String(data), expiresAt: Number(expiresAt), version: String(version) }
}

/** No row: there was no live record. Another version than the one that it must have now: it was not the known one. */
function savedIf(row: Row | undefined, expected: string | undefined): Saved {
  if (!row) return { status: 'missing' }
  const version = String(row['version'])
  return expected === undefined || version === expected
    ? { status: 'saved', version }
    : { status: 'conflict' }
}
