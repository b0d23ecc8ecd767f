import type { ExistingTable } from '../existing-table.ts'
import { indexedColumns, indexName, type FiledColumn, type Table } from '../table.ts'
import { FOREVER } from './rows.ts'

/** The statements of the contract's calls. Each comment names the parameters in order. */
export interface SqliteSql {
  /** id, now */
  readonly load: string
  /** id, now */
  readonly exists: string
  /** id, data, deadline, the attributes, version, now */
  readonly create: string
  /** written values, as in create; id, now, known version */
  readonly save: string
  /** deadline, id, now, known version */
  readonly touch: string
  /** id, now, known version */
  readonly remove: string
  /** now, limit */
  readonly clear: string
  /** value, the value again for a text column, now, last id, limit */
  readonly find: (column: FiledColumn) => string
}

/** The error of `save`, `touch` and `remove` if the version is another one. */
export const ANOTHER_VERSION = 'integer overflow'

/** A name in quotes. Names are checked to contain no quotes. */
export const quoted = (name: string): string => `"${name}"`

const types = { text: 'TEXT', integer: 'INTEGER', boolean: 'INTEGER' } as const

/**
 * How each call is a single statement:
 *
 * - `create` inserts. If the id exists, it updates that record if it has expired. If it changes nothing, the id is
 *   taken.
 * - `save`, `touch` and `remove` change the live record of the known version. If they change nothing, it is missing. If
 *   the version is another one, they compute the absolute value of the least integer, which overflows: the statement
 *   fails, and SQLite rolls back only that statement. The integer depends on the row, so that SQLite does not compute
 *   the result in advance.
 * - If the known version is null, `coalesce(NULL, version)` is the record's own. A version that is not text was written
 *   by another program, and matches any.
 * - With `inBytes`, the data is read as the bytes of its text.
 * - SQLite orders numbers before texts and blobs, so that `min(deadline, FOREVER)` is a number, whatever the deadline
 *   is.
 */
export function sqliteSql(
  { name, layout, base, attributeColumns }: Table,
  inBytes: boolean,
): SqliteSql {
  const table = quoted(name)
  const { id, data, deadline, version } = base
  const attributes = attributeColumns.map((column) => quoted(column.name))
  // In Django's layout, the data is its own version.
  const written = [...new Set([data, deadline, ...attributes, version])]
  // Django's deadline is a text.
  const read = layout === 'own' ? `min(${deadline}, ${FOREVER})` : deadline
  const live = `${id} = ? AND ${deadline} > ?`
  const known =
    `${id} = ? AND CASE WHEN ${deadline} <= ? THEN FALSE ` +
    `WHEN ${version} COLLATE BINARY = coalesce(?, ${version}) THEN TRUE WHEN typeof(${version}) <> 'text' THEN TRUE ` +
    `ELSE abs(0 * length(${id}) - 9223372036854775807 - 1) END`
  return {
    load: `SELECT ${inBytes ? `CAST(${data} AS BLOB)` : data} AS data, ${read} AS deadline${version === data ? '' : `, ${version} AS version`} FROM ${table} WHERE ${live}`,
    exists: `SELECT 1 FROM ${table} WHERE ${live}`,
    create:
      `INSERT INTO ${table} AS stored (${id}, ${written.join(', ')}) VALUES (?${', ?'.repeat(written.length)}) ` +
      `ON CONFLICT (${id}) DO UPDATE SET ${written.map((column) => `${column} = excluded.${column}`).join(', ')} ` +
      `WHERE stored.${deadline} <= ?`,
    save: `UPDATE ${table} SET ${written.map((column) => `${column} = ?`).join(', ')} WHERE ${known}`,
    touch: `UPDATE ${table} SET ${deadline} = ? WHERE ${known} RETURNING ${version} AS version`,
    remove: `DELETE FROM ${table} WHERE ${known}`,
    clear: `DELETE FROM ${table} WHERE ${id} IN (SELECT ${id} FROM ${table} WHERE ${deadline} <= ? LIMIT ?)`,
    find: (column) =>
      `SELECT ${id} AS id, ${read} AS deadline FROM ${table} WHERE ${matches(column)} ` +
      `AND ${deadline} > ? AND ${id} > ? ORDER BY ${id} LIMIT ?`,
  }
}

/** The first comparison uses the index, the second distinguishes what the collation considers equal. */
function matches({ name, type }: FiledColumn): string {
  const column = quoted(name)
  return type === 'text' ? `${column} = ? AND ${column} COLLATE BINARY = ?` : `${column} = ?`
}

const definitions = {
  own: [
    'id TEXT NOT NULL PRIMARY KEY',
    'data TEXT NOT NULL',
    'expires_at INTEGER NOT NULL',
    'version TEXT NOT NULL',
  ],
  django: [
    'session_key varchar(40) NOT NULL PRIMARY KEY',
    'session_data text NOT NULL',
    'expire_date datetime NOT NULL',
  ],
} as const

/**
 * The statements that create the table, then its indexes. Those for `find` end with the id, so that each of its pages is
 * read in order: without it, SQLite would sort all records of the value for every page, and block the process meanwhile.
 */
export function sqliteMigration(target: Table): readonly string[] {
  const { name, base, attributeColumns, layout } = target
  const table = quoted(name)
  const columns = [...definitions[layout], ...attributeColumns.map(columnDefinition)]
  return [
    `CREATE TABLE IF NOT EXISTS ${table} (\n  ${columns.join(',\n  ')}\n)`,
    ...indexedColumns(target).map((column) => {
      const columns = column === base.deadline ? [column] : [column, base.id]
      const name = quoted(indexName(target, column))
      return `CREATE INDEX IF NOT EXISTS ${name} ON ${table} (${columns.map(quoted).join(', ')})`
    }),
  ]
}

/** The statements that add the columns that a table lacks. */
export function sqliteAdditions(table: Table, { typeOf }: ExistingTable): readonly string[] {
  return table.attributeColumns
    .filter((column) => typeOf(column.name) === undefined)
    .map((column) => `ALTER TABLE ${quoted(table.name)} ADD COLUMN ${columnDefinition(column)}`)
}

function columnDefinition({ name, type }: FiledColumn): string {
  return `${quoted(name)} ${types[type]}`
}
