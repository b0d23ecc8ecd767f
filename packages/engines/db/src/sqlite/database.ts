import { hasMethods, InvalidSettingError } from '@sessions/core'
import { countIn, rowsIn } from '../answers.ts'
import type { Row } from '../rows.ts'

/** A parameter of a statement. */
export type SqliteValue = string | number | null

/**
 * The part of a prepared statement that the engine uses. Its parameters are `SqliteValue`s, but with that type,
 * TypeScript 5 would not accept better-sqlite3's statements.
 */
export interface SqliteStatement {
  run(...parameters: never[]): { readonly changes: number | bigint }
  get(...parameters: never[]): unknown
  all(...parameters: never[]): unknown[]
}

/**
 * The part of a database object that the engine uses, which better-sqlite3, libsql and node:sqlite have in common.
 * Declared structurally, so that none of them is a dependency.
 */
export interface SqliteDatabase {
  prepare(sql: string): SqliteStatement
  exec(sql: string): unknown
}

/** Methods of databases whose statements work differently: sqlite3 and sql.js (`each`), D1 (`batch`). */
const FOREIGN: readonly string[] = ['each', 'batch']

/**
 * Checks the database object.
 *
 * @throws {InvalidSettingError} when it is not a supported one: a path, for example, or another client.
 */
export function checkDatabase(database: SqliteDatabase): void {
  const isForeign = FOREIGN.some((name) => hasMethods(database, name))
  if (hasMethods(database, 'prepare', 'exec') && !isForeign) return
  throw new InvalidSettingError(
    'database',
    "must be the database object of better-sqlite3, libsql or node:sqlite, such as `new Database('sessions.db')`.",
  )
}

/**
 * Whether to read data as bytes, which are UTF-8.
 *
 * libsql ends the process if it reads a text that is not UTF-8, as in a damaged file, or one that another program has
 * written. It returns bytes unchanged, so the engine reads data as bytes, which costs a load 1 µs of 5. From a file in
 * UTF-16, SQLite converts every text to UTF-8, but not its bytes.
 */
export function readsBytes(database: SqliteDatabase): boolean {
  return hasMethods(database, 'sync') && !String(pragma(database, 'encoding')).startsWith('UTF-16')
}

/** A statement, with the types of its parameters. */
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
  // bun:sqlite returns null if there is no row.
  return (query.get(...parameters) ?? undefined) as Row | undefined
}

/**
 * The rows of a query, or of an update with RETURNING.
 *
 * An update must not be run by `get`, which takes the first row and resets the statement: the reset commits, and the
 * drivers do not report it if that fails (a full disk). `all` runs the statement to its end.
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
