import type { Clock, Saved } from '@sessions/core'
import type { DatabaseEngine } from './database-engine.ts'
import { findPages } from './find-pages.ts'
import { djangoTime, readDjangoTime, versionsOf, versionValues } from './layout.ts'
import { purge } from './purge.ts'
import {
  rowOf,
  rowsOf,
  type Row,
  type SqliteDatabase,
  type SqliteStatement,
  type SqliteValue,
} from './sqlite-database.ts'
import { migrateSqlite, setBusyTimeout } from './sqlite-migrate.ts'
import { preparedRun } from './sqlite-prepared.ts'
import { sqliteMigration } from './sqlite-sql.ts'
import { columnOf, columnValue, filedValues, tableOf, type TableOptions } from './table.ts'

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
  const { layout } = table
  const { busyTimeout, clock = { now: () => Date.now() } } = options
  const versionOf = versionsOf(layout)
  const run = preparedRun(database, table, () => setBusyTimeout(database, busyTimeout))
  const bound = layout === 'django' ? djangoTime : (time: number): number => time
  const now = (): string | number => bound(clock.now())
  const timeOf = (value: unknown): number =>
    layout === 'django' ? readDjangoTime(String(value)) : Number(value)

  return {
    name: 'sqlite',

    load: (id) =>
      run(({ load }) => {
        const row = rowOf(load, id, now())
        if (!row) return undefined
        // In Django's layout the data is its own version.
        const { data, deadline, version = data } = row
        return { data: String(data), expiresAt: timeOf(deadline), version: String(version) }
      }),

    exists: (id) => run(({ exists }) => rowOf(exists, id, now()) !== undefined),

    create: (id, { data, expiresAt, attributes }) =>
      run(({ create }) => {
        const version = versionOf(data)
        const values = [bound(expiresAt), ...filedValues(table, attributes)]
        const more = versionValues(layout, version)
        const { changes } = create.run(id, data, ...values, ...more, now())
        return Number(changes) > 0 ? { status: 'saved', version } : { status: 'taken' }
      }),

    save: (id, { data, expiresAt, attributes }, known) =>
      run(({ save, saveKnown, exists }) => {
        const version = versionOf(data)
        const time = now()
        const values = [data, bound(expiresAt), ...filedValues(table, attributes)]
        if (layout === 'django') {
          const saved = rowsOf(saveKnown, ...values, id, time, known ?? null).length > 0
          if (saved) return { status: 'saved', version }
          return { status: whyNot(known, exists, id, time) }
        }
        const pairs = [...values, version].flatMap((value) => [known ?? null, value])
        const [row] = rowsOf(save, ...pairs, id, time, version)
        return savedIf(row, version)
      }),

    touch: (id, { expiresAt }, known) =>
      run(({ touch }) => {
        const version = known ?? null
        const [row] = rowsOf(touch, version, bound(expiresAt), id, now(), version)
        return savedIf(row, String(row?.['version']))
      }),

    delete: (id, known) =>
      run(({ remove, exists }) => {
        const time = now()
        if (Number(remove.run(id, time, known ?? null).changes) > 0) return 'deleted'
        return whyNot(known, exists, id, time)
      }),

    async clearExpired(how) {
      const time = now()
      const options = { ...how, batchSize: how.batchSize ?? BATCH }
      return purge((limit) => run(({ clear }) => Number(clear.run(time, limit).changes)), options)
    },

    async *find(attribute, value) {
      const column = columnOf(table, attribute)
      const wanted = columnValue(column.type, value)
      if (wanted === null) return
      yield* findPages(
        (last, limit) => run(({ find }) => rowsOf(find(column), wanted, now(), last, limit)),
        timeOf,
      )
    },

    async migrate() {
      setBusyTimeout(database, busyTimeout)
      migrateSqlite(database, table)
    },

    migrationSql: () => sqliteMigration(table),
  }
}

/**
 * Why a statement did nothing that was to do something to the live record of the known version. It cannot say of the row
 * that it left what version that has. Nothing happened yet, so asking now is as good as having asked then: the answer is
 * true of this moment, in which nothing was done either.
 */
function whyNot(
  known: string | undefined,
  exists: SqliteStatement,
  id: string,
  time: SqliteValue,
): 'missing' | 'conflict' {
  return known !== undefined && rowOf(exists, id, time) ? 'conflict' : 'missing'
}

/** No row: there was no live record. */
function savedIf(row: Row | undefined, version: string): Saved {
  if (!row) return { status: 'missing' }
  return Number(row['saved']) > 0 ? { status: 'saved', version } : { status: 'conflict' }
}
