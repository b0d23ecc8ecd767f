import {
  checkOptions,
  type Attributes,
  type Clock,
  type LoadedRecord,
  type Saved,
} from '@sessions/core'
import { rowsIn } from '../answers.ts'
import { columnValue, attributeValues, tooLong } from '../column-values.ts'
import type { DatabaseEngine } from '../database-engine.ts'
import { findPages } from '../find-pages.ts'
import { isError } from '../is-error.ts'
import { checkId, djangoTime, versionsOf } from '../layout.ts'
import { purge, type Batch } from '../purge.ts'
import { recordIn, textIn } from '../rows.ts'
import { columnOf, tableOf, tableOptions, type TableOptions } from '../table.ts'
import { explained } from '../unmigrated.ts'
import { unquoted } from '../unquoted.ts'
import { changeOf, mysqlPort, type MysqlClient } from './client.ts'
import type { MysqlChange, MysqlValue } from './client.ts'
import { keyOf, migrateMysql } from './migrate.ts'
import { mysqlMigration, mysqlSql, REFUSAL } from './sql.ts'

/** The options of `mysqlEngine`. */
export interface MysqlEngineOptions extends TableOptions {
  /**
   * How many milliseconds a call may take, including the wait for a connection, before it fails. If the server had
   * received its statement, that may still take effect. There is no limit for `migrate`. A statement that waits for a
   * lock keeps waiting on the server, so that more connections than the pool's limit may wait there, unless
   * `innodb_lock_wait_timeout` ends it sooner.
   *
   * @default 5000
   */
  readonly timeout?: number | undefined

  /**
   * The clock that decides when records expire, in epoch milliseconds; for tests.
   *
   * @default the server's clock, which is the same for all processes
   */
  readonly clock?: Clock | undefined
}

/**
 * Keeps sessions in a table of a MySQL or MariaDB database.
 *
 * @param client A pool of mysql2 or `mysql2/promise`. The engine never ends it.
 * @throws {InvalidSettingError} when the client is not supported, or an option is unknown or invalid.
 * @example
 * import { createPool } from 'mysql2/promise'
 *
 * const engine = mysqlEngine(createPool('mysql://localhost/shop'))
 * await engine.migrate()
 */
export function mysqlEngine(client: MysqlClient, options: MysqlEngineOptions = {}): DatabaseEngine {
  checkOptions('mysqlEngine', options, {
    ...tableOptions,
    timeout: 'milliseconds',
    clock: 'clock',
  })
  const table = tableOf(options)
  const { timeout = 5000, clock } = options
  const port = mysqlPort(client, timeout)
  const sql = mysqlSql(table)
  const { layout } = table
  const versionOf = versionsOf(layout)
  const bound = layout === 'django' ? djangoTime : (time: number): number => time
  const now = (): string | number | null => (clock ? bound(clock.now()) : null)
  // Without the version, which comes last and is the data in Django's layout.
  const written = (data: string, attributes: Attributes | undefined): readonly MysqlValue[] => [
    ...(layout === 'django' ? [] : [data]),
    ...attributeValues(table, attributes),
  ]

  /** Replaces a driver's error by one that names the remedy and quotes nothing of a session. */
  async function explaining(
    answer: Promise<unknown>,
    values: readonly MysqlValue[],
  ): Promise<unknown> {
    try {
      return await answer
    } catch (error) {
      if (isTooLong(error)) throw tooLong(table, error)
      throw explained(unquoted(error, values), table, isUnmigrated)
    }
  }

  const execute = (text: string, ...values: MysqlValue[]): Promise<unknown> =>
    explaining(port.execute(text, values), values)

  const load = async (id: string): Promise<LoadedRecord | undefined> => {
    const [row] = rowsIn(await execute(sql.load, id, now()))
    return row && recordIn(row, layout)
  }

  const touchKnown = async (id: string, expiresAt: number, known: string): Promise<Saved> =>
    savedBy(execute(sql.touchKnown, known, bound(expiresAt), id, now()), known)

  return {
    name: 'mysql',

    load,

    exists: async (id) => rowsIn(await execute(sql.exists, id, now())).length > 0,

    async create(id, { data, expiresAt, attributes }) {
      checkId(layout, id)
      const version = versionOf(data)
      const values = [...written(data, attributes), version]
      const deadline = bound(expiresAt)
      const creating = execute(sql.create, id, ...values, deadline, ...values, now(), deadline)
      return (await unlessRefused(creating)) ? { status: 'saved', version } : { status: 'taken' }
    },

    async save(id, { data, expiresAt, attributes }, known) {
      const version = versionOf(data)
      const values = [...written(data, attributes), bound(expiresAt), known ?? null, version]
      return savedBy(execute(sql.save, ...values, id, now()), version)
    },

    async touch(id, { data, expiresAt }, known) {
      if (known !== undefined) return touchKnown(id, expiresAt, known)
      if (layout === 'own') {
        const version = versionOf(data)
        return savedBy(execute(sql.touch, version, bound(expiresAt), id, now()), version)
      }
      // The version is the stored data, which an update cannot return: read it, and touch the record if it is
      // unchanged.
      for (;;) {
        const stored = await load(id)
        if (!stored) return { status: 'missing' }
        const touched = await touchKnown(id, expiresAt, stored.version)
        if (touched.status !== 'conflict') return touched
      }
    },

    async delete(id, known) {
      const change = await unlessRefused(
        known === undefined
          ? execute(sql.remove, id, now())
          : execute(sql.removeKnown, id, now(), known),
      )
      if (!change) return 'conflict'
      return change.affectedRows > 0 ? 'deleted' : 'missing'
    },

    async clearExpired(how) {
      let last = ''
      let key: Promise<string | undefined> | undefined
      const deleteBatch = async (limit: number): Promise<Batch> => {
        const time = now()
        const rows = rowsIn(await execute(sql.expired(limit), last, time))
        const ids = rows.map((row) => textIn(row, 'id'))
        if (ids.length === 0) return { deleted: 0, isLast: true }
        last = ids.at(-1) ?? last
        key ??= keyOf(port, table)
        const clearing = port.once(sql.clear(await key, ids), [time])
        const { affectedRows } = changeOf(await explaining(clearing, ids))
        return { deleted: affectedRows, isLast: ids.length < limit }
      }
      return purge({ deleteBatch }, how)
    },

    async *find(attribute, value) {
      const column = columnOf(table, attribute)
      const wanted = columnValue(column, value)
      if (wanted === null) return
      const values = column.type === 'text' ? [wanted, wanted] : [wanted]
      yield* findPages(async (last, limit) =>
        rowsIn(await execute(sql.find(column, limit), now(), ...values, last)),
      )
    },

    migrate: () => migrateMysql(port, table),

    migrationSql: () => [mysqlMigration(table)],
  }
}

/** The outcome of an update that gives the record that version. */
async function savedBy(answer: Promise<unknown>, version: string): Promise<Saved> {
  const change = await unlessRefused(answer)
  if (!change) return { status: 'conflict' }
  // Some connections count only the rows that have changed.
  const isFound = change.affectedRows > 0 || change.insertId > 0
  return isFound ? { status: 'saved', version } : { status: 'missing' }
}

/** What a statement has changed, or undefined if it has refused to. */
async function unlessRefused(answer: Promise<unknown>): Promise<MysqlChange | undefined> {
  try {
    return changeOf(await answer)
  } catch (error) {
    if (errno(error) === REFUSAL) return undefined
    throw error
  }
}

/** ER_NO_SUCH_TABLE, ER_BAD_FIELD_ERROR */
function isUnmigrated(error: unknown): boolean {
  return errno(error) === 1146 || errno(error) === 1054
}

/** ER_DATA_TOO_LONG */
function isTooLong(error: unknown): error is Error {
  return errno(error) === 1406
}

function errno(error: unknown): unknown {
  return isError(error) && 'errno' in error ? error.errno : undefined
}
