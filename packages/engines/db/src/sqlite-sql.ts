import { indexedColumns, indexName, isOurs, type FiledColumn, type Table } from './table.ts'

/** The statements of the contract's calls, each with the parameters in the order that its comment names. */
export interface SqliteSql {
  /** id, now */
  readonly load: string
  /** id, now */
  readonly exists: string
  /** id, data, deadline, the attributes, version, now */
  readonly create: string
  /** for data, deadline and each attribute: known version and value; known and new version; id, now */
  readonly save: string
  /** known version, deadline, id, now */
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
 * - `save` and `touch` update the live record, to what it is already if the version is not the known one, and return the
 *   version that it then has. No row: missing. The former version: conflict.
 * - No known version is null, and `coalesce(NULL, version)` the record's own.
 */
export function sqliteSql({ name, filed }: Table): SqliteSql {
  const table = quoted(name)
  const attributes = filed.map((column) => quoted(column.name))
  const written = ['data', 'expires_at', ...attributes, 'version']
  const live = 'id = ? AND expires_at > ?'
  const ifKnown = 'CASE WHEN version = coalesce(?, version) THEN ? ELSE'
  return {
    load: `SELECT data, expires_at, version FROM ${table} WHERE ${live}`,
    exists: `SELECT 1 FROM ${table} WHERE ${live}`,
    create:
      `INSERT INTO ${table} (id, ${written.join(', ')}) VALUES (?${', ?'.repeat(written.length)}) ` +
      `ON CONFLICT (id) DO UPDATE SET ${written.map((column) => `${column} = excluded.${column}`).join(', ')} ` +
      `WHERE ${table}.expires_at <= ?`,
    save:
      `UPDATE ${table} SET ${written.map((column) => `${column} = ${ifKnown} ${column} END`).join(', ')} ` +
      `WHERE ${live} RETURNING version`,
    touch: `UPDATE ${table} SET expires_at = ${ifKnown} expires_at END WHERE ${live} RETURNING version`,
    remove: `DELETE FROM ${table} WHERE ${live} AND version = coalesce(?, version)`,
    clear: `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE expires_at <= ? LIMIT ?)`,
    find: (column) =>
      `SELECT id, expires_at FROM ${table} WHERE ${quoted(column.name)} = ? AND expires_at > ? ` +
      'AND id > ? ORDER BY id LIMIT ?',
  }
}

/** What makes the table: itself, then its indexes. */
export function sqliteMigration(target: Table): readonly string[] {
  const { name, filed } = target
  const table = quoted(name)
  const columns = [
    'id TEXT NOT NULL PRIMARY KEY',
    'data TEXT NOT NULL',
    'expires_at INTEGER NOT NULL',
    'version TEXT NOT NULL',
    ...filed.map(columnDefinition),
  ]
  return [
    `CREATE TABLE IF NOT EXISTS ${table} (\n  ${columns.join(',\n  ')}\n)`,
    ...indexedColumns(target).map(
      (column) =>
        `CREATE INDEX IF NOT EXISTS ${quoted(indexName(target, column))} ON ${table} (${quoted(column)})`,
    ),
  ]
}

/** What adds the columns that a table lacks; undefined where it is a table of another kind. */
export function sqliteAdditions(
  table: Table,
  present: readonly string[],
): readonly string[] | undefined {
  const names = new Set(present.map((column) => column.toLowerCase()))
  if (!isOurs(table, names)) return undefined
  return table.filed
    .filter((column) => !names.has(column.name.toLowerCase()))
    .map((column) => `ALTER TABLE ${quoted(table.name)} ADD COLUMN ${columnDefinition(column)}`)
}

function columnDefinition({ name, type }: FiledColumn): string {
  return `${quoted(name)} ${type === 'text' ? 'TEXT' : 'INTEGER'}`
}
