import { pragma, prepareQuery, rowsOf, type SqliteDatabase } from './sqlite-database.ts'
import { textIn } from './rows.ts'
import { quoted, sqliteAdditions, sqliteMigration } from './sqlite-sql.ts'
import { isToBeMade, type Table } from './table.ts'

/**
 * Switches the file to the write-ahead log, in which readers and the writer do not wait for each other, and makes the
 * table in one transaction. The file keeps the log; a database in memory has none, and stays as it is. Django's file and
 * table are left as they are.
 */
export function migrateSqlite(database: SqliteDatabase, table: Table): void {
  if (!isToBeMade(table, columnsOf(database, table))) return
  if (pragma(database, 'journal_mode') !== 'wal') database.exec('PRAGMA journal_mode = WAL')
  // Immediate, so that of several processes one does it and the others wait, and then find it done.
  database.exec('BEGIN IMMEDIATE')
  try {
    const [create = '', ...indexes] = sqliteMigration(table)
    database.exec(create)
    const additions = sqliteAdditions(table, columnsOf(database, table))
    for (const statement of [...additions, ...indexes]) database.exec(statement)
    database.exec('COMMIT')
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}

function columnsOf(database: SqliteDatabase, { name }: Table): ReadonlySet<string> {
  const columns = rowsOf(prepareQuery(database, `PRAGMA table_info(${quoted(name)})`))
  return new Set(columns.map((column) => textIn(column, 'name').toLowerCase()))
}
