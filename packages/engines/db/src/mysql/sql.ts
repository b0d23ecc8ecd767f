import type { Layout } from '../layout.ts'
import { indexedColumns, indexName, type FiledColumn, type Table } from '../table.ts'

/** The statements of the contract's calls. Each comment names the parameters in order. */
export interface MysqlSql {
  /** id, now */
  readonly load: string
  /** id, now */
  readonly exists: string
  /** id, written values; these again, but now before the deadline */
  readonly create: string
  /** written values, but the known version before the new one; id, now */
  readonly save: string
  /** known version, deadline, id, now */
  readonly touchKnown: string
  /** new version if there is a column for it, deadline, id, now */
  readonly touch: string
  /** id, now */
  readonly remove: string
  /** id, now, known version */
  readonly removeKnown: string
  /** last id, now */
  readonly expired: (limit: number) => string
  /** now */
  readonly clear: (key: string | undefined, ids: readonly string[]) => string
  /** now, value, the value again for a text column, last id */
  readonly find: (column: FiledColumn, limit: number) => string
}

/**
 * The error of a statement that refuses to write: `create` if the id is taken, the others if the version is another one.
 * It is ER_DATA_OUT_OF_RANGE.
 */
export const REFUSAL = 1690

/** A name in quotes. Names are checked to contain no quotes. */
const quoted = (name: string): string => `\`${name}\``

/** Any name in quotes, such as that of an index in a table which the engine has not created. */
const escaped = (name: string): string => quoted(name.replaceAll('`', '``'))

/** A text as a literal: in hexadecimal if it may need escaping, which depends on the connection's SQL mode. */
const literal = (text: string): string =>
  /^\w*$/.test(text) ? `'${text}'` : `_utf8mb4 X'${Buffer.from(text).toString('hex')}'`

/** How a layout stores deadlines. */
interface Deadlines {
  /** A deadline to write, as a parameter. */
  readonly given: string
  /** The current time: a parameter or, if that is null, the server's time in UTC, which has no summer time. */
  readonly now: string
  /** A column in epoch milliseconds, rounded down. */
  readonly read: (column: string) => string
}

/** A text's bytes in UTF-8, whatever the character set of its column. */
const bytesOf = (column: string): string => `CAST(CONVERT(${column} USING utf8mb4) AS BINARY)`

/** The milliseconds from the epoch to a time in UTC. */
const since = (time: string): string => `timestampdiff(MICROSECOND, '1970-01-01', ${time}) DIV 1000`

const deadlines: Readonly<Record<Layout, Deadlines>> = {
  own: {
    given: '?',
    now: `coalesce(CAST(? AS SIGNED), ${since('utc_timestamp(3)')})`,
    read: (column) => column,
  },
  django: {
    given: 'CAST(? AS DATETIME(6))',
    now: 'coalesce(CAST(? AS DATETIME(6)), utc_timestamp(6))',
    read: since,
  },
}

const types = {
  text: 'varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
  integer: 'bigint',
  boolean: 'boolean',
} as const

/** Evaluates to the value, and makes the statement report that it has found a record, even if it changes nothing. */
const found = (value: string, column: string): string =>
  `if(last_insert_id(1), ${value}, ${column})`

/**
 * Makes the statement refuse, under every SQL mode, by adding to the greatest possible number. The server rolls back
 * only that statement. The addend depends on the row, so that no server computes the sum in advance.
 */
const refusal = (column: string, value: string): string =>
  `if(length(${column}) + 1 + ~0, ${value}, ${value})`

/**
 * How each call is a single statement, on servers that cannot return what they wrote:
 *
 * - `create` inserts. If the id exists, it updates that record if it has expired, and otherwise refuses.
 * - `save`, `touchKnown` and `removeKnown` write to the live record. If its version is not the known one, they refuse.
 *   Refusing is an error, because an update cannot return anything else: a number that it passes to `last_insert_id` is
 *   lost if the table has a trigger.
 * - Assignments are made from left to right and see the results of earlier ones, so the column that decides comes last.
 * - `touch` gives the record a new version, because it could not return the stored one.
 * - If the known version is null, `coalesce(null, version)` is the record's own.
 *
 * `clearExpired` selects without a lock and deletes by id, so that no neighbouring row is locked. It proceeds in the
 * order of the ids, which is that of the rows on the disk: in the order of the deadlines, it would read the same pages
 * again and again.
 */
export function mysqlSql({ name, layout, base, attributeColumns }: Table): MysqlSql {
  const table = quoted(name)
  const { id, data, deadline, version } = base
  const { given, now, read } = deadlines[layout]
  const attributes = attributeColumns.map((column) => quoted(column.name))
  // In Django's layout, the data is its own version, and the column may have any character set and collation.
  const hasVersion = version !== data
  const others = hasVersion ? [data, ...attributes] : attributes
  const bytes = hasVersion ? version : bytesOf(version)
  const live = `${id} = ? AND ${deadline} > ${now}`
  const known = `${bytes} = coalesce(CAST(? AS BINARY), ${bytes})`
  const ended = `${deadline} <= ${now}`
  const ifKnown = (column: string, value: string): string =>
    `${column} = if(${known}, ${found(value, column)}, ${refusal(version, column)})`
  const setOthers = others.map((column) => `${column} = ?`)
  return {
    load: `SELECT ${data} AS data, ${read(deadline)} AS deadline${hasVersion ? `, ${version} AS version` : ''} FROM ${table} WHERE ${live}`,
    exists: `SELECT 1 FROM ${table} WHERE ${live}`,
    create:
      `INSERT INTO ${table} (${[id, ...others, version, deadline].join(', ')}) ` +
      `VALUES (${['?', ...others.map(() => '?'), '?', given].join(', ')}) ON DUPLICATE KEY UPDATE ` +
      [
        ...setOthers,
        `${version} = ?`,
        `${deadline} = if(${ended}, ${given}, ${refusal(version, deadline)})`,
      ].join(', '),
    save: `UPDATE ${table} SET ${[...setOthers, `${deadline} = ${given}`, ifKnown(version, '?')].join(', ')} WHERE ${live}`,
    touchKnown: `UPDATE ${table} SET ${ifKnown(deadline, given)} WHERE ${live}`,
    touch:
      `UPDATE ${table} SET ${hasVersion ? `${version} = ?, ` : ''}` +
      `${deadline} = ${found(given, deadline)} WHERE ${live}`,
    remove: `DELETE FROM ${table} WHERE ${live}`,
    removeKnown:
      `DELETE FROM ${table} WHERE ${id} = ? AND CASE WHEN ${ended} THEN FALSE ` +
      `WHEN ${known} THEN TRUE ELSE ${refusal(version, 'FALSE')} END`,
    expired: (limit) =>
      `SELECT ${id} AS id FROM ${table} WHERE ${id} > ? AND ${ended} ORDER BY ${id} LIMIT ${limit}`,
    // Without FORCE INDEX, MySQL would read and lock every row of a small table.
    clear: (key, ids) =>
      `DELETE ${table} FROM ${table} ${key === undefined ? '' : `FORCE INDEX (${escaped(key)})`} ` +
      `WHERE ${id} IN (${ids.map(literal).join(', ')}) AND ${ended}`,
    find: (column, limit) =>
      `SELECT ${id} AS id, ${read(deadline)} AS deadline FROM ${table} WHERE ${deadline} > ${now} ` +
      `AND ${matches(column)} AND ${id} > ? ORDER BY ${id} LIMIT ${limit}`,
  }
}

/** The first comparison uses the index, the second distinguishes what the collation considers equal. */
function matches({ name, type }: FiledColumn): string {
  const column = quoted(name)
  return type === 'text'
    ? `${column} = ? AND ${bytesOf(column)} = CAST(? AS BINARY)`
    : `${column} = CAST(? AS SIGNED)`
}

const definitions: Readonly<Record<Layout, readonly string[]>> = {
  own: [
    'id varbinary(255) NOT NULL PRIMARY KEY',
    'data longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL',
    'expires_at bigint NOT NULL',
    'version varbinary(64) NOT NULL',
  ],
  django: [
    'session_key varchar(40) NOT NULL PRIMARY KEY',
    'session_data longtext NOT NULL',
    'expire_date datetime(6) NOT NULL',
  ],
}

/** The statement that creates the table with its indexes. */
export function mysqlMigration(target: Table): string {
  const all = [
    ...definitions[target.layout],
    ...target.attributeColumns.map(columnDefinition),
    ...indexedColumns(target).map((column) => indexDefinition(target, column)),
  ]
  return `CREATE TABLE IF NOT EXISTS ${quoted(target.name)} (\n  ${all.join(',\n  ')}\n) ENGINE = InnoDB`
}

/** Adds a column of `columns`. */
export function mysqlAddition(target: Table, column: FiledColumn): string {
  return `ALTER TABLE ${quoted(target.name)} ADD COLUMN ${columnDefinition(column)}`
}

/**
 * Adds the index of a column.
 *
 * @param type The column's type, if it existed before. It may be a `text`, of which only some characters can be
 * indexed.
 */
export function mysqlIndex(target: Table, column: string, type = ''): string {
  const length = /text|blob/.test(type) ? '(191)' : ''
  return `ALTER TABLE ${quoted(target.name)} ADD ${indexDefinition(target, column, length)}`
}

function columnDefinition({ name, type }: FiledColumn): string {
  return `${quoted(name)} ${types[type]}`
}

function indexDefinition(target: Table, column: string, length = ''): string {
  return `INDEX ${quoted(indexName(target, column))} (${quoted(column)}${length})`
}
