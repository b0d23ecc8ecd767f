import { hasMethods, InvalidSettingError } from '@sessions/core'
import { countIn, rowsIn } from '../answers.ts'
import type { Row } from '../rows.ts'

/** What is bound to a statement here. */
export type SqliteValue = string | number | null

/**
 * The part of a prepared statement that the engine uses. Its parameters are `SqliteValue`s: said so, TypeScript 5 would
 * not take what better-sqlite3's types call a statement.
 */
export interface SqliteStatement {
  run(...parameters: never[]): { readonly changes: number | bigint }
  get(...parameters: never[]): unknown
  all(...parameters: never[]): unknown[]
}

/**
 * The part of a database object that the engine uses: what better-sqlite3, libsql and node:sqlite have in common. The
 * types are stated here so that none of them is a dependency.
 */
export interface SqliteDatabase {
  prepare(sql: string): SqliteStatement
  exec(sql: string): unknown
}

/** What databases have besides whose statements are others: sqlite3 and sql.js (`each`), D1 (`batch`). */
const FOREIGN: readonly string[] = ['each', 'batch']

/** @throws {InvalidSettingError} where the database is none, but a path for example, or another database's client. */
export function checkDatabase(database: SqliteDatabase): void {
  const isForeign = FOREIGN.some((name) => hasMethods(database, name))
  if (hasMethods(database, 'prepare', 'exec') && !isForeign) return
  throw new InvalidSettingError(
    'database',
    "must be the database object of better-sqlite3, libsql or node:sqlite, such as `new Database('sessions.db')`.",
  )
}

/**
 * Whether it is libsql's.
 *
 * Trap: libsql ends the process where a text is not in UTF-8, as of a damaged file or another program. Bytes it answers as
 * they are, which costs a load 1 µs of 5.
 */
export function isLibsql(database: SqliteDatabase): boolean {
  return hasMethods(database, 'sync')
}

/** A statement, as it is used. */
export interface Query {
  run(...parameters: SqliteValue[]): { readonly changes: number | bigint }
  get(...parameters: SqliteValue[]): unknown
  all(...parameters: SqliteValue[]): unknown[]
}

/** Compiles a statement. */
export function prepareQuery(database: SqliteDatabase, sql: string): Query {
  return database.prepare(sql)
}

/** The first row of a query, if there is one. */
export function rowOf(query: Query, ...parameters: SqliteValue[]): Row | undefined {
  // bun:sqlite answers null where there is none.
  return (query.get(...parameters) ?? undefined) as Row | undefined
}

/**
 * The rows of a query, or of an update that returns what it did.
 *
 * Trap: an update must not be run by `get`. It takes the first row and resets the statement, and it is the reset that
 * commits, whose failure (a full disk) the drivers do not report. `all` runs it to its end.
 */
export function rowsOf(query: Query, ...parameters: SqliteValue[]): readonly Row[] {
  return rowsIn(query.all(...parameters))
}

/** How many rows a statement changed. */
export function changesOf(query: Query, ...parameters: SqliteValue[]): number {
  return countIn(query.run(...parameters).changes)
}

/** The first column of the first row of a pragma. */
export function pragma(database: SqliteDatabase, name: string): unknown {
  return Object.values(rowOf(prepareQuery(database, `PRAGMA ${name}`)) ?? {})[0]
}
