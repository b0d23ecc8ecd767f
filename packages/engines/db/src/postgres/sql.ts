import type { Layout } from '../layout.ts'
import { indexedColumns, indexName, type FiledColumn, type Table } from '../table.ts'

/** The statements of the contract's calls. Each comment names the parameters in order. */
export interface PostgresSql {
  /** id, now */
  readonly load: string
  /** id, now */
  readonly exists: string
  /** id, now, written values */
  readonly create: string
  /** id, now, known version, written values */
  readonly save: string
  /** id, now, known version, deadline */
  readonly touchKnown: string
  /** id, now, deadline */
  readonly touch: string
  /** id, now */
  readonly remove: string
  /** id, now, known version */
  readonly removeKnown: string
  /** now, limit */
  readonly clear: string
  /** now, value, last id, limit */
  readonly find: (column: FiledColumn) => string
}

/** The statements that create a table, and the one that reads which parts of it exist. */
export interface PostgresMigration {
  readonly table: string
  /** Adds a column of `columns`. */
  readonly column: (column: FiledColumn) => string
  /** Each index by its name. */
  readonly indexes: ReadonlyMap<string, string>
  /**
   * Reads the table's columns and indexes, as rows with `kind` and `name`, and for columns their types and the types'
   * categories. Returns no rows if there is no table.
   */
  readonly existing: string
}

/** A name in quotes. Names are checked to contain no quotes. */
const quoted = (name: string): string => `"${name}"`

/** The live record that a statement has locked. No table has a name with a space, and so none is hidden. */
const LOCKED = quoted('locked record')

/** How a layout stores deadlines. */
interface Deadlines {
  /** A parameter in epoch milliseconds. */
  readonly given: (parameter: number) => string
  /** The server's time. */
  readonly now: string
  /** A column in epoch milliseconds, rounded down. */
  readonly read: (column: string) => string
}

const deadlines: Readonly<Record<Layout, Deadlines>> = {
  own: {
    given: (parameter) => `$${parameter}::bigint`,
    now: 'floor(extract(epoch from statement_timestamp()) * 1000)::bigint',
    read: (column) => column,
  },
  django: {
    given: (parameter) => `to_timestamp($${parameter}::float8 / 1000)`,
    now: 'statement_timestamp()',
    read: (column) => `floor(extract(epoch from ${column})::numeric * 1000)::bigint`,
  },
}

const types = { text: 'text', integer: 'bigint', boolean: 'boolean' } as const

/**
 * How each call is a single statement:
 *
 * - `create` inserts. If the id exists, it updates that record if it has expired. If it writes nothing, the id is
 *   taken. It returns no row, which would take pg 4 µs to read.
 * - `save` and `touchKnown` update the live record. If its version is not the known one, they leave all values as they
 *   are. A condition on the version would not do: an update that had to wait for another one reads the row again, but
 *   everything else that the statement reads is as of its start.
 * - `removeKnown` locks the live record, which waits in the same way, and deletes it if the version is the known one.
 *   `save` does the same in Django's layout, where another request may just have written the same version.
 * - These report their outcome by the number of rows: none if there is no live record, one on success, two if the
 *   version is another one. The rows have no columns, because the first column is what takes pg long to read.
 * - If the known version is null, `coalesce(null, version)` is the record's own. If the time is null, the server's
 *   counts.
 */
export function postgresSql({ name, layout, base, attributeColumns }: Table): PostgresSql {
  const table = quoted(name)
  const { id, data, deadline, version } = base
  const { given, now: clock, read } = deadlines[layout]
  const now = (parameter: number): string => `coalesce(${given(parameter)}, ${clock})`
  // In Django's layout, the data is its own version.
  const hasVersion = version !== data
  const written = new Map<string, (parameter: number) => string>([
    [data, cast('text')],
    [deadline, given],
    ...attributeColumns.map((column) => [quoted(column.name), cast(types[column.type])] as const),
    [version, cast('text')],
  ])
  const names = [...written.keys()]
  const values = (first: number): readonly string[] =>
    [...written.values()].map((value, index) => value(first + index))
  const live = `${id} = $1 AND ${deadline} > ${now(2)}`
  const is = (value: string): string => `${version} COLLATE "C" = ${value}`
  const known = is(`coalesce($3::text, ${version})`)
  const ifKnown = (column: string, value: string): string =>
    `${column} = CASE WHEN ${known} THEN ${value} ELSE ${table}.${column} END`
  const locked = `${LOCKED} AS (SELECT ${known} AS known FROM ${table} WHERE ${live} FOR UPDATE)`
  const saveAtOnce =
    `WITH written AS (UPDATE ${table} SET ${values(4)
      .map((value, index) => ifKnown(names[index] ?? '', value))
      .join(', ')} WHERE ${live} RETURNING ${is(`$${3 + names.length}::text`)} AS done) ` +
    `SELECT FROM written, ${rowsIf('done')}`
  const saveLocked =
    `WITH ${locked}, written AS (UPDATE ${table} SET ${values(4)
      .map((value, index) => `${names[index] ?? ''} = ${value}`)
      .join(', ')} FROM ${LOCKED} WHERE ${id} = $1 AND ${LOCKED}.known RETURNING 1) ` +
    `SELECT FROM ${LOCKED}, ${rowsIf('EXISTS (SELECT FROM written)')}`
  return {
    load: `SELECT ${data} AS data, ${read(deadline)} AS deadline${hasVersion ? `, ${version} AS version` : ''} FROM ${table} WHERE ${live}`,
    exists: `SELECT FROM ${table} WHERE ${live}`,
    create:
      `INSERT INTO ${table} AS stored (${id}, ${names.join(', ')}) VALUES ($1, ${values(3).join(', ')}) ` +
      `ON CONFLICT (${id}) DO UPDATE SET ${names.map((column) => `${column} = excluded.${column}`).join(', ')} ` +
      `WHERE stored.${deadline} <= ${now(2)}`,
    save: hasVersion ? saveAtOnce : saveLocked,
    touchKnown:
      `WITH written AS (UPDATE ${table} SET ${ifKnown(deadline, given(4))} WHERE ${live} ` +
      `RETURNING ${known} AS done) SELECT FROM written, ${rowsIf('done')}`,
    touch: `UPDATE ${table} SET ${deadline} = ${given(3)} WHERE ${live} RETURNING ${version} AS version`,
    remove: `DELETE FROM ${table} WHERE ${live}`,
    removeKnown:
      `WITH ${locked}, gone AS (DELETE FROM ${table} USING ${LOCKED} WHERE ${id} = $1 AND ${LOCKED}.known RETURNING 1) ` +
      `SELECT FROM ${LOCKED}, ${rowsIf('EXISTS (SELECT FROM gone)')}`,
    clear:
      `DELETE FROM ${table} WHERE ${id} = ANY (ARRAY(SELECT ${id} FROM ${table} ` +
      `WHERE ${deadline} <= ${now(1)} ORDER BY ${deadline} LIMIT $2::bigint FOR UPDATE SKIP LOCKED))`,
    find: (column) =>
      `SELECT ${id} AS id, ${read(deadline)} AS deadline, ${isExact(column)} AS exact FROM ${table} ` +
      `WHERE ${deadline} > ${now(1)} ` +
      `AND ${quoted(column.name)} = $2::${types[column.type]} AND ${id} > $3::text ` +
      `ORDER BY ${id} LIMIT $4::bigint`,
  }
}

/**
 * Whether a record found has exactly that text, or only one that the column's collation considers equal. Not a condition:
 * the planner would take it for an independent one, expect fewer records, and sort them.
 */
function isExact({ name, type }: FiledColumn): string {
  return type === 'text' ? `(${quoted(name)} COLLATE "C" = $2::text)::int` : '1'
}

/** One row if the condition holds, else two. */
const rowsIf = (condition: string): string => `generate_series((${condition})::int, 1)`

function cast(type: string): (parameter: number) => string {
  return (parameter) => `$${parameter}::${type}`
}

const definitions: Readonly<Record<Layout, readonly string[]>> = {
  own: [
    'id text COLLATE "C" NOT NULL PRIMARY KEY',
    'data text NOT NULL',
    'expires_at bigint NOT NULL',
    'version text COLLATE "C" NOT NULL',
  ],
  django: [
    'session_key varchar(40) NOT NULL PRIMARY KEY',
    'session_data text NOT NULL',
    'expire_date timestamp with time zone NOT NULL',
  ],
}

/**
 * The statements of a migration. The indexes for `find` end with the id, so that each of its pages is read in order:
 * without it, PostgreSQL would read most of the table for a page of a value that many records have.
 */
export function postgresMigration(target: Table): PostgresMigration {
  const table = quoted(target.name)
  const columns = [...definitions[target.layout], ...target.attributeColumns.map(columnDefinition)]
  const indexes = indexedColumns(target).map((column) => {
    const name = indexName(target, column)
    const keys =
      column === target.base.deadline ? [quoted(column)] : [quoted(column), target.base.id]
    const sql = `CREATE INDEX IF NOT EXISTS ${quoted(name)} ON ${table} (${keys.join(', ')})`
    return [name, sql] as const
  })
  const relation = `to_regclass('${table}')`
  return {
    table: `CREATE TABLE IF NOT EXISTS ${table} (\n  ${columns.join(',\n  ')}\n)`,
    column: (column) => `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS ${columnDefinition(column)}`,
    indexes: new Map(indexes),
    existing:
      `SELECT 'column' AS kind, attname::text AS name, format_type(atttypid, NULL) AS type, typcategory::text AS category ` +
      `FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid ` +
      `WHERE attrelid = ${relation} AND attnum > 0 AND NOT attisdropped ` +
      `UNION ALL SELECT 'index', relname::text, '', '' FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid ` +
      `WHERE indrelid = ${relation}`,
  }
}

function columnDefinition({ name, type }: FiledColumn): string {
  return `${quoted(name)} ${types[type]}`
}
