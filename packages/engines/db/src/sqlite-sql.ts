import { indexedColumns, indexName, type FiledColumn, type Table } from './table.ts'

/** The statements of the contract's calls, each with the parameters in the order that its comment names. */
export interface SqliteSql {
  /** id, now */
  readonly load: string
  /** id, now */
  readonly exists: string
  /** id, data, deadline, the attributes, version, now */
  readonly create: string
  /** for each that is written, as in create: known version and value; id, now, new version */
  readonly save: string
  /** what is written, as in create; id, now, known version */
  readonly saveKnown: string
  /** known version, deadline, id, now, known version */
  readonly touch: string
  /** id, now, known version */
  readonly remove: string
  /** now, limit */
  readonly clear: string
  /** value, now, last id, limit */
  readonly find: (column: FiledColumn) => string
}

/** A name in quotes. Names are checked to hold none. */
export const quoted = (name: string): string => `"${name}"`

/**
 * How it is done in one statement each:
 *
 * - `create` inserts, and where the id is there, it updates if that record has expired. No change: taken.
 * - `save` and `touch` update the live record, to what it is already if the version is not the known one, and return
 *   whether it then is what it was to be. No row: missing.
 * - In Django's layout the version that is written may be the one that another has written just now, so that it cannot
 *   tell: `saveKnown` updates the live record of the known version alone.
 * - No known version is null, and `coalesce(NULL, version)` the record's own.
 */
export function sqliteSql({ name, own, filed }: Table): SqliteSql {
  const table = quoted(name)
  const { id, data, deadline, version } = own
  const attributes = filed.map((column) => quoted(column.name))
  // In Django's layout the data is its own version.
  const written = [...new Set([data, deadline, ...attributes, version])]
  const live = `${id} = ? AND ${deadline} > ?`
  const known = `${version} COLLATE BINARY = coalesce(?, ${version})`
  const ifKnown = (column: string): string =>
    `${column} = CASE WHEN ${known} THEN ? ELSE ${column} END`
  return {
    load: `SELECT ${data} AS data, ${deadline} AS deadline${version === data ? '' : `, ${version} AS version`} FROM ${table} WHERE ${live}`,
    exists: `SELECT 1 FROM ${table} WHERE ${live}`,
    create:
      `INSERT INTO ${table} (${id}, ${written.join(', ')}) VALUES (?${', ?'.repeat(written.length)}) ` +
      `ON CONFLICT (${id}) DO UPDATE SET ${written.map((column) => `${column} = excluded.${column}`).join(', ')} ` +
      `WHERE ${table}.${deadline} <= ?`,
    save:
      `UPDATE ${table} SET ${written.map(ifKnown).join(', ')} WHERE ${live} ` +
      `RETURNING ${version} = ? AS saved`,
    saveKnown:
      `UPDATE ${table} SET ${written.map((column) => `${column} = ?`).join(', ')} ` +
      `WHERE ${live} AND ${known} RETURNING 1`,
    touch:
      `UPDATE ${table} SET ${ifKnown(deadline)} WHERE ${live} ` +
      `RETURNING ${known} AS saved, ${version} AS version`,
    remove: `DELETE FROM ${table} WHERE ${live} AND ${known}`,
    clear: `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE ${deadline} <= ? LIMIT ?)`,
    find: (column) =>
      `SELECT ${id} AS id, ${deadline} AS deadline FROM ${table} WHERE ${quoted(column.name)} = ? ` +
      `AND ${deadline} > ? AND ${id} > ? ORDER BY ${id} LIMIT ?`,
  }
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

/** What makes the table: itself, then its indexes. */
export function sqliteMigration(target: Table): readonly string[] {
  const { name, filed, layout } = target
  const table = quoted(name)
  const columns = [...definitions[layout], ...filed.map(columnDefinition)]
  return [
    `CREATE TABLE IF NOT EXISTS ${table} (\n  ${columns.join(',\n  ')}\n)`,
    ...indexedColumns(target).map(
      (column) =>
        `CREATE INDEX IF NOT EXISTS ${quoted(indexName(target, column))} ON ${table} (${quoted(column)})`,
    ),
  ]
}

/** What adds the columns that a table lacks. */
export function sqliteAdditions(table: Table, present: ReadonlySet<string>): readonly string[] {
  return table.filed
    .filter((column) => !present.has(column.name.toLowerCase()))
    .map((column) => `ALTER TABLE ${quoted(table.name)} ADD COLUMN ${columnDefinition(column)}`)
}

function columnDefinition({ name, type }: FiledColumn): string {
  return `${quoted(name)} ${type === 'text' ? 'TEXT' : 'INTEGER'}`
}
