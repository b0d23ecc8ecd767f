import { checkExisting, type ExistingTable, type ExistingType } from '../existing-table.ts'
import { textIn } from '../rows.ts'
import type { Table } from '../table.ts'
import { pragma, prepareQuery, rowsOf, type SqliteDatabase } from './database.ts'
import { quoted, sqliteAdditions, sqliteMigration } from './sql.ts'

/**
 * Switches the file to the write-ahead log, with which readers and the writer do not wait for each other, and creates
 * the table in one transaction. The file keeps that mode; a database in memory has no log. Django's file and table are
 * only checked.
 */
export function migrateSqlite(database: SqliteDatabase, table: Table): void {
  checkExisting(table, existingTable(database, table))
  if (table.layout === 'django') return
  if (pragma(database, 'journal_mode') !== 'wal') switchToLog(database)
  // Immediate, so that one of several processes migrates, and the others wait and then find everything done.
  database.exec('BEGIN IMMEDIATE')
  try {
    const [create = '', ...indexes] = sqliteMigration(table)
    database.exec(create)
    const additions = sqliteAdditions(table, existingTable(database, table))
    for (const statement of [...additions, ...indexes]) database.exec(statement)
    database.exec('COMMIT')
  } catch (error) {
    rollBack(database)
    throw error
  }
}

/** After some errors, such as that of a full disk, SQLite has already rolled back, and refuses to do so again. */
function rollBack(database: SqliteDatabase): void {
  try {
    database.exec('ROLLBACK')
  } catch {
    // There is no transaction any more.
  }
}

/**
 * SQLite waits for readers when it switches, but not for a writer. When a transaction begins, it does wait for a
 * writer.
 */
function switchToLog(database: SqliteDatabase): void {
  const statement = 'PRAGMA journal_mode = WAL'
  try {
    database.exec(statement)
  } catch {
    database.exec('BEGIN IMMEDIATE; COMMIT')
    database.exec(statement)
  }
}

function existingTable(database: SqliteDatabase, { name }: Table): ExistingTable {
  const columns = rowsOf(prepareQuery(database, `PRAGMA table_info(${quoted(name)})`))
  const types = new Map(
    columns.map((column) => [textIn(column, 'name').toLowerCase(), typeOf(textIn(column, 'type'))]),
  )
  return { exists: types.size > 0, typeOf: (column) => types.get(column.toLowerCase()) }
}

/**
 * SQLite converts stored values to numbers or texts depending on the type's name, and otherwise leaves them unchanged.
 */
function typeOf(name: string): ExistingType {
  if (/int/i.test(name)) return { name, holds: NUMBERS }
  if (/char|clob|text/i.test(name)) return { name, holds: ['text'] }
  return { name, holds: /real|floa|doub|num|dec|bool/i.test(name) ? NUMBERS : ['text', ...NUMBERS] }
}

const NUMBERS = ['integer', 'boolean'] as const
