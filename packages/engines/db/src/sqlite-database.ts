/** What is bound to a statement here. */
export type SqliteValue = string | number | null

/** The part of a prepared statement that the engine uses. */
export interface SqliteStatement {
  run(...parameters: SqliteValue[]): { readonly changes: number | bigint }
  get(...parameters: SqliteValue[]): unknown
  all(...parameters: SqliteValue[]): unknown[]
}

/**
 * The part of a database object that the engine uses: what better-sqlite3, libsql and node:sqlite have in common. The
 * types are stated here so that none of them is a dependency.
 */
export interface SqliteDatabase {
  prepare(sql: string): SqliteStatement
  exec(sql: string): unknown
}

/** One column of one row. */
export type Row = Readonly<Record<string, unknown>>

/** The first row of a query, if there is one. */
export function rowOf(query: SqliteStatement, ...parameters: SqliteValue[]): Row | undefined {
  return query.get(...parameters) as Row | undefined
}

/**
 * The rows of a query, or of an update that returns what it did.
 *
 * Trap: an update must not be run by `get`. It takes the first row and resets the statement, and it is the reset that
 * commits, whose failure (a full disk) the drivers do not report. `all` runs it to its end.
 */
export function rowsOf(statement: SqliteStatement, ...parameters: SqliteValue[]): readonly Row[] {
  return statement.all(...parameters) as Row[]
}

/** The first column of the first row of a pragma. */
export function pragma(database: SqliteDatabase, name: string): unknown {
  return Object.values(rowOf(database.prepare(`PRAGMA ${name}`)) ?? {})[0]
}
