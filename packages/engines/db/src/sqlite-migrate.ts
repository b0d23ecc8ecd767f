import { pragma, rowsOf, type SqliteDatabase } from './sqlite-database.ts'
import { quoted, sqliteAdditions, sqliteMigration } from './sqlite-sql.ts'
import { otherTable, type Table } from './table.ts'

/** How long a connection waits for another one's write unless it was told, in milliseconds. */
const BUSY_TIMEOUT = 5000

/** Lets the connection wait for other writers, where nobody told it how long: two drivers of three would not wait at all. */
export function setBusyTimeout(database: SqliteDatabase, milliseconds: number | undefined): void {
  if (milliseconds === undefined && Number(pragma(database, 'busy_timeout')) > 0) return
  database.exec(`PRAGMA busy_timeout = ${milliseconds ?? BUSY_TIMEOUT}`)
}

/**
 * Switches the file to the write-ahead log, in which readers and the writer do not wait for each other, and makes the
 * table in one transaction. The file keeps the log; a database in memory has none, and stays as it is.
 */
export function migrateSqlite(database: SqliteDatabase, table: Table): void {
  if (pragma(database, 'journal_mode') !== 'wal') database.exec('PRAGMA journal_mode = WAL')
  // Immediate, so that of several processes one does it and the others wait, and then find it done.
  database.exec('BEGIN IMMEDIATE')
  try {
    makeTable(database, table)
    database.exec('COMMIT')
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}

function makeTable(database: SqliteDatabase, table: Table): void {
  const [create = '', ...indexes] = sqliteMigration(table)
  database.exec(create)
  const columns = rowsOf(database.prepare(`PRAGMA table_info(${quoted(table.name)})`))
  const additions = sqliteAdditions(
    table,
    columns.map(({ name }) => String(name)),
  )
  if (!additions) throw otherTable(table)
  for (const statement of [...additions, ...indexes]) database.exec(statement)
}
