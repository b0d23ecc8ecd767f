import { InvalidSettingError } from '@sessions/core'
import { rowsIn } from '../answers.ts'
import { checkExisting, type ExistingTable, type ExistingType } from '../existing-table.ts'
import { isError } from '../is-error.ts'
import { numberIn, textIn } from '../rows.ts'
import { indexedColumns, type Table } from '../table.ts'
import type { MysqlPort } from './client.ts'
import { mysqlAddition, mysqlIndex, mysqlMigration } from './sql.ts'

const COLUMNS =
  'SELECT column_name AS name, data_type AS type FROM information_schema.columns ' +
  'WHERE table_schema = database() AND table_name = ?'

/** The columns of each index in order, except computed ones, and whether the index is unique. */
const INDEXES =
  "SELECT index_name AS name, coalesce(group_concat(column_name ORDER BY seq_in_index), '') AS columns, 1 - max(non_unique) AS isUnique " +
  'FROM information_schema.statistics WHERE table_schema = database() AND table_name = ? GROUP BY index_name'

/** The character sets in which a connection sends texts, compares them and receives them. */
const CHARSETS =
  "SELECT concat_ws(',', @@character_set_client, @@character_set_connection, @@character_set_results) AS charsets"

/** Whether the server commits each statement by itself. */
const AUTOCOMMIT = 'SELECT @@autocommit AS autocommit'

const TEXTS = /char|text|blob|binary|enum|set|uuid|inet/
const NUMBERS = /^(?:tiny|small|medium|big)?int$|decimal|float|double|bit/

/** ER_DUP_FIELDNAME, ER_DUP_KEYNAME: another process has added the column or the index in the meantime. */
const DUPLICATES: ReadonlySet<unknown> = new Set([1060, 1061])

/** An existing index. */
interface Index {
  readonly name: string
  readonly columns: readonly string[]
  readonly isUnique: boolean
}

/** Creates the table, or the columns and indexes that it lacks. If it lacks nothing, only reads. */
export async function migrateMysql(port: MysqlPort, table: Table): Promise<void> {
  const before = await existingTable(port, table)
  checkExisting(table, before)
  await checkAutocommit(port)
  if (table.layout === 'django') return checkKey(table, await indexesOf(port, table))
  await checkCharsets(port)
  if (!before.exists) await port.define(mysqlMigration(table))
  // Another process may have created the table in the meantime, with other columns.
  const existing = before.exists ? before : await existingTable(port, table)
  const indexes = await indexesOf(port, table)
  checkKey(table, indexes)
  for (const column of table.attributeColumns) {
    if (existing.typeOf(column.name) === undefined) await add(port, mysqlAddition(table, column))
  }
  for (const column of indexedColumns(table)) {
    if (indexes.some(({ columns: [first] }) => first === column.toLowerCase())) continue
    await add(port, mysqlIndex(table, column, existing.typeOf(column)?.name))
  }
}

/** Otherwise, a session would be lost with its connection, and until then be visible to no other. */
async function checkAutocommit(port: MysqlPort): Promise<void> {
  const [row = {}] = rowsIn(await port.execute(AUTOCOMMIT, []))
  if (numberIn(row, 'autocommit') === 1) return
  throw new InvalidSettingError(
    'client',
    'must have MySQL commit each statement by itself, as it does by default: without `autocommit`, sessions are lost. ' +
      'Give the engine a pool of its own.',
  )
}

/** In another character set, MySQL would replace characters of sessions, without an error. */
async function checkCharsets(port: MysqlPort): Promise<void> {
  const [row = {}] = rowsIn(await port.execute(CHARSETS, []))
  if (/^utf8mb4(?:,utf8mb4)*$/.test(textIn(row, 'charsets'))) return
  throw new InvalidSettingError(
    'client',
    'must use the character set utf8mb4, as mysql2 does by default: in any other, MySQL replaces characters of sessions. ' +
      "Remove the pool's option `charset`, or give the engine a pool of its own.",
  )
}

async function existingTable(port: MysqlPort, { name }: Table): Promise<ExistingTable> {
  const rows = rowsIn(await port.execute(COLUMNS, [name]))
  const types = new Map(
    rows.map((row) => [textIn(row, 'name').toLowerCase(), typeOf(textIn(row, 'type'))]),
  )
  return { exists: types.size > 0, typeOf: (column) => types.get(column.toLowerCase()) }
}

function typeOf(name: string): ExistingType {
  if (NUMBERS.test(name)) return { name, holds: ['integer', 'boolean'] }
  return { name, holds: TEXTS.test(name) ? ['text'] : [] }
}

async function indexesOf(port: MysqlPort, { name }: Table): Promise<readonly Index[]> {
  return rowsIn(await port.execute(INDEXES, [name])).map((row) => ({
    name: textIn(row, 'name'),
    columns: textIn(row, 'columns').toLowerCase().split(','),
    isUnique: numberIn(row, 'isUnique') === 1,
  }))
}

/**
 * Without a unique key, MySQL would store two sessions under one id. PostgreSQL and SQLite would refuse to store any.
 */
function checkKey({ name, base: { id } }: Table, indexes: readonly Index[]): void {
  if (keysOf(id, indexes).length > 0) return
  throw new InvalidSettingError(
    'table',
    `is ${name}, but the database has a table of that name whose column ${id} is no unique key: make it the primary ` +
      'key, or choose another name.',
  )
}

/**
 * The name of the key on the id, undefined if there is none: in a table that the engine has not created, it need not be
 * the primary key.
 */
export async function keyOf(port: MysqlPort, table: Table): Promise<string | undefined> {
  const names = keysOf(table.base.id, await indexesOf(port, table)).map(({ name }) => name)
  return names.find((name) => name === 'PRIMARY') ?? names[0]
}

function keysOf(id: string, indexes: readonly Index[]): readonly Index[] {
  return indexes.filter(({ columns, isUnique }) => isUnique && columns.join() === id)
}

async function add(port: MysqlPort, statement: string): Promise<void> {
  try {
    await port.define(statement)
  } catch (error) {
    if (!(isError(error) && 'errno' in error && DUPLICATES.has(error.errno))) throw error
  }
}
