import { checkOptions, type Clock, type Deleted, type Saved } from '@sessions/core'
import { columnValue, attributeValues } from '../column-values.ts'
import type { DatabaseEngine } from '../database-engine.ts'
import { findPages } from '../find-pages.ts'
import { checkId, djangoTime, versionsOf, versionValues } from '../layout.ts'
import { messageOf } from '../message-of.ts'
import { purge, type Batch } from '../purge.ts'
import { columnOf, tableOf, tableOptions, type TableOptions } from '../table.ts'
import { busyTimeoutOf, setBusyTimeout } from './busy-timeout.ts'
import { changesOf, checkDatabase, rowOf, rowsOf, type SqliteDatabase } from './database.ts'
import { migrateSqlite } from './migrate.ts'
import { preparedRun, type Prepared } from './prepared.ts'
import { lenientRecordIn, timeIn, versionIn } from './rows.ts'
import { ANOTHER_VERSION, sqliteMigration } from './sql.ts'

/** The options of `sqliteEngine`. */
export interface SqliteEngineOptions extends TableOptions {
  /**
   * How many milliseconds a call waits for another process that is writing, before it fails; 0 does not wait, and
   * `Infinity` waits as long as SQLite can, which is 24 days. The wait blocks this process: the drivers are
   * synchronous.
   *
   * @default what the connection was opened with, or 5000 if that is 0
   */
  readonly busyTimeout?: number | undefined

  /**
   * The clock that decides when records expire, in epoch milliseconds: SQLite runs in this process.
   *
   * @default the machine's clock
   */
  readonly clock?: Clock | undefined
}

/** How many records `clearExpired` deletes at once by default. Few, because each batch blocks this process. */
const BATCH = 50

/**
 * Keeps sessions in a table of a SQLite database: for sites on one host, in one process or several.
 *
 * @param database The database object of better-sqlite3, libsql or node:sqlite. The engine prepares its statements at
 * the first call, and never closes the database.
 * @throws {InvalidSettingError} when the database is not supported, or an option is unknown or invalid.
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
  checkOptions('sqliteEngine', options, {
    ...tableOptions,
    busyTimeout: 'checked elsewhere',
    clock: 'clock',
  })
  const table = tableOf(options)
  const { layout } = table
  const { clock = { now: () => Date.now() } } = options
  const busyTimeout = busyTimeoutOf(options.busyTimeout)
  const versionOf = versionsOf(layout)
  checkDatabase(database)
  const run = preparedRun(database, table, () => setBusyTimeout(database, busyTimeout))
  const bound = layout === 'django' ? djangoTime : (time: number): number => time
  const now = (): string | number => bound(clock.now())

  /** Runs a change of the live record, or returns `conflict` if its version is not the known one. */
  function changing<Answer>(conflict: Answer, work: (statements: Prepared) => Answer): Answer {
    try {
      return run(work)
    } catch (error) {
      if (messageOf(error).includes(ANOTHER_VERSION)) return conflict
      throw error
    }
  }

  return {
    name: 'sqlite',

    load: (id) =>
      run(({ load }) => {
        const row = rowOf(load, id, now())
        return row && lenientRecordIn(row, layout)
      }),

    exists: (id) => run(({ exists }) => rowOf(exists, id, now()) !== undefined),

    create: (id, { data, expiresAt, attributes }) =>
      run(({ create }) => {
        checkId(layout, id)
        const version = versionOf(data)
        const values = [bound(expiresAt), ...attributeValues(table, attributes)]
        const more = versionValues(layout, version)
        const changes = changesOf(create, id, data, ...values, ...more, now())
        return changes > 0 ? { status: 'saved', version } : { status: 'taken' }
      }),

    save: (id, { data, expiresAt, attributes }, known) =>
      changing<Saved>({ status: 'conflict' }, ({ save }) => {
        const version = versionOf(data)
        const values = [data, bound(expiresAt), ...attributeValues(table, attributes)]
        const more = versionValues(layout, version)
        const changes = changesOf(save, ...values, ...more, id, now(), known ?? null)
        return changes > 0 ? { status: 'saved', version } : { status: 'missing' }
      }),

    touch: (id, { expiresAt }, known) =>
      changing<Saved>({ status: 'conflict' }, ({ touch }) => {
        const [row] = rowsOf(touch, bound(expiresAt), id, now(), known ?? null)
        return row ? { status: 'saved', version: versionIn(row) } : { status: 'missing' }
      }),

    delete: (id, known) =>
      changing<Deleted>('conflict', ({ remove }) =>
        changesOf(remove, id, now(), known ?? null) > 0 ? 'deleted' : 'missing',
      ),

    async clearExpired(how) {
      const time = now()
      const deleteBatch = (limit: number): Batch => {
        const deleted = run(({ clear }) => changesOf(clear, time, limit))
        return { deleted, isLast: deleted < limit }
      }
      return purge({ deleteBatch, defaultSize: BATCH, holdsUp: true }, how)
    },

    async *find(attribute, value) {
      const column = columnOf(table, attribute)
      const wanted = columnValue(column, value)
      if (wanted === null) return
      const values = column.type === 'text' ? [wanted, wanted] : [wanted]
      yield* findPages(
        (last, limit) => run(({ find }) => rowsOf(find(column), ...values, now(), last, limit)),
        (row) => timeIn(row, layout),
      )
    },

    async migrate() {
      setBusyTimeout(database, busyTimeout)
      migrateSqlite(database, table)
    },

    migrationSql: () => sqliteMigration(table),
  }
}
