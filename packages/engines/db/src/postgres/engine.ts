import { checkOptions, type Clock, type Saved } from '@sessions/core'
import { columnValue, attributeValues, tooLong, type ColumnValue } from '../column-values.ts'
import type { DatabaseEngine } from '../database-engine.ts'
import { findPages } from '../find-pages.ts'
import { isError } from '../is-error.ts'
import { checkId, versionsOf, versionValues } from '../layout.ts'
import { purge } from '../purge.ts'
import { recordIn, textIn, type Row } from '../rows.ts'
import { columnOf, tableOf, tableOptions } from '../table.ts'
import type { FiledColumn, TableOptions } from '../table.ts'
import { explained } from '../unmigrated.ts'
import { unquoted } from '../unquoted.ts'
import { postgresPort, type PostgresClient } from './client.ts'
import { migratePostgres } from './migrate.ts'
import type { PostgresAnswer, PostgresValue } from './port.ts'
import { postgresMigration, postgresSql } from './sql.ts'

/** The options of `postgresEngine`. */
export interface PostgresEngineOptions extends TableOptions {
  /**
   * How many milliseconds a call may take, including the wait for a connection, before it fails. If the server had
   * received its statement, that may still take effect; postgres.js may also send a queued statement later. There is no
   * limit for `migrate`, nor for PGlite, which runs in this process. A statement that waits for a lock keeps waiting on
   * the server, so that more connections than the pool's `max` may wait there, unless the pool's `statement_timeout`
   * ends it sooner.
   *
   * @default 5000
   */
  readonly timeout?: number | undefined

  /**
   * Whether to prepare the statements, so that the server need not parse and plan them each time. Set it to false
   * behind a pooler that gives each transaction another connection and does not support prepared statements.
   *
   * @default true
   */
  readonly prepare?: boolean | undefined

  /**
   * The clock that decides when records expire, in epoch milliseconds; for tests.
   *
   * @default the server's clock, which is the same for all processes
   */
  readonly clock?: Clock | undefined
}

/**
 * Keeps sessions in a table of a PostgreSQL database.
 *
 * @param client A `Pool` of `pg`, what `postgres()` of postgres.js returns, or a PGlite. The engine never ends it.
 * @throws {InvalidSettingError} when the client is not supported, or an option is unknown or invalid.
 * @example
 * import { Pool } from 'pg'
 *
 * const engine = postgresEngine(new Pool())
 * await engine.migrate()
 */
export function postgresEngine(
  client: PostgresClient,
  options: PostgresEngineOptions = {},
): DatabaseEngine {
  checkOptions('postgresEngine', options, {
    ...tableOptions,
    timeout: 'milliseconds',
    prepare: 'boolean',
    clock: 'clock',
  })
  const table = tableOf(options)
  const { timeout = 5000, prepare = true, clock } = options
  const port = postgresPort(client, { timeout, prepare })
  const sql = postgresSql(table)
  const { layout } = table
  const versionOf = versionsOf(layout)
  const now = (): number | null => clock?.now() ?? null

  async function query(text: string, ...values: PostgresValue[]): Promise<PostgresAnswer> {
    try {
      return await port.query(text, values)
    } catch (error) {
      if (isTooLong(error)) throw tooLong(table, error)
      if (isUnprepared(error)) throw unprepared(unquoted(error, values))
      throw explained(unquoted(error, values), table, isUnmigrated)
    }
  }

  const filed = (attributes: Parameters<typeof attributeValues>[1]): readonly PostgresValue[] =>
    attributeValues(table, attributes, isText).map((value, index) =>
      parameter(table.attributeColumns[index], value),
    )

  return {
    name: 'postgres',

    async load(id) {
      const { rows } = await query(sql.load, id, now())
      return rows[0] && recordIn(rows[0], layout)
    },

    exists: async (id) => (await query(sql.exists, id, now())).rows.length > 0,

    async create(id, { data, expiresAt, attributes }) {
      checkId(layout, id)
      const version = versionOf(data)
      const values = [data, expiresAt, ...filed(attributes), ...versionValues(layout, version)]
      const { rowCount } = await query(sql.create, id, now(), ...values)
      return rowCount > 0 ? { status: 'saved', version } : { status: 'taken' }
    },

    async save(id, { data, expiresAt, attributes }, known) {
      const version = versionOf(data)
      const values = [data, expiresAt, ...filed(attributes), ...versionValues(layout, version)]
      const { rows } = await query(sql.save, id, now(), known ?? null, ...values)
      return savedBy(rows, version)
    },

    async touch(id, { expiresAt }, known) {
      if (known !== undefined) {
        const { rows } = await query(sql.touchKnown, id, now(), known, expiresAt)
        return savedBy(rows, known)
      }
      const { rows } = await query(sql.touch, id, now(), expiresAt)
      return rows[0]
        ? { status: 'saved', version: textIn(rows[0], 'version') }
        : { status: 'missing' }
    },

    async delete(id, known) {
      if (known === undefined) {
        return (await query(sql.remove, id, now())).rowCount > 0 ? 'deleted' : 'missing'
      }
      const { rows } = await query(sql.removeKnown, id, now(), known)
      return whether(rows, 'deleted')
    },

    clearExpired: async (how) =>
      purge(
        {
          async deleteBatch(limit) {
            const { rowCount } = await query(sql.clear, now(), limit)
            return { deleted: rowCount, isLast: rowCount < limit }
          },
        },
        how,
      ),

    async *find(attribute, value) {
      const column = columnOf(table, attribute)
      const wanted = parameter(column, columnValue(column, value, isText))
      if (wanted === null) return
      const text = sql.find(column)
      yield* findPages(async (last, limit) => (await query(text, now(), wanted, last, limit)).rows)
    },

    migrate: () => migratePostgres(port, table),

    migrationSql() {
      const migration = postgresMigration(table)
      return [migration.table, ...migration.indexes.values()]
    },
  }
}

/** The value for a column: PostgreSQL has booleans, for which the drivers do not accept numbers. */
function parameter(column: FiledColumn | undefined, value: ColumnValue): PostgresValue {
  return column?.type === 'boolean' && value !== null ? value === 1 : value
}

/** PostgreSQL cannot store a text with U+0000. */
const isText = (text: string): boolean => !text.includes('\0')

/** The outcome of a change to a known version, by the number of rows. */
function whether<Done>({ length }: readonly Row[], done: Done): Done | 'missing' | 'conflict' {
  if (length === 1) return done
  return length === 0 ? 'missing' : 'conflict'
}

function savedBy(rows: readonly Row[], version: string): Saved {
  const status = whether(rows, 'saved' as const)
  return status === 'saved' ? { status, version } : { status }
}

/** undefined_table, undefined_column */
function isUnmigrated(error: unknown): boolean {
  return isError(error) && 'code' in error && (error.code === '42P01' || error.code === '42703')
}

/** invalid_sql_statement_name, duplicate_prepared_statement */
function isUnprepared(error: unknown): boolean {
  return isError(error) && 'code' in error && (error.code === '26000' || error.code === '42P05')
}

/** Names the remedy for a pooler that does not know prepared statements. */
function unprepared(cause: unknown): Error {
  return new Error(
    'The connection lacks a prepared statement of the engine, or already has one of that name: if a pooler gives each ' +
      "transaction another connection, set the engine's option `prepare` to false.",
    { cause },
  )
}

/** string_data_right_truncation of a column, program_limit_exceeded of an index */
function isTooLong(error: unknown): error is Error {
  return isError(error) && 'code' in error && (error.code === '22001' || error.code === '54000')
}
