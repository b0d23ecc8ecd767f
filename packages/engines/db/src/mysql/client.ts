import { hasMethods, InvalidSettingError } from '@sessions/core'
import { countIn } from '../answers.ts'
import { isError } from '../is-error.ts'
import { onConnection, type Lender } from '../timeout.ts'

/** A parameter of a statement. */
export type MysqlValue = string | number | null

/** A callback that mysql2 calls when a statement has ended. */
type Callback = (error: unknown, answer?: unknown) => void

/** The part of a pooled connection of mysql2 that the engine uses. */
export interface MysqlConnection {
  execute(sql: string, values: MysqlValue[], done: Callback): unknown
  query(sql: string, values: MysqlValue[], done: Callback): unknown
  release(): void
  destroy(): void
}

/** The part of a pool of `mysql2` that the engine uses; `promise` distinguishes it from one of `mysql2/promise`. */
export interface MysqlPool {
  promise(): unknown
  getConnection(done: (error: unknown, connection?: MysqlConnection) => void): void
}

/** The part of a pool of `mysql2/promise` that the engine uses: the pool with callbacks that it wraps. */
export interface MysqlPromisePool {
  readonly pool: MysqlPool
}

/** A supported client. Declared structurally, so that mysql2 is no dependency. */
export type MysqlClient = MysqlPool | MysqlPromisePool

/** The reply to a statement that changes rows. */
export interface MysqlChange {
  /** How many rows it matched or deleted. */
  readonly affectedRows: number
  /** The number that the statement passed to `last_insert_id`; 0 if none. */
  readonly insertId: number
}

/** What the engine needs of a client. */
export interface MysqlPort {
  /** Runs a prepared statement; resolves to its rows, or to what it changed. */
  readonly execute: (sql: string, values: MysqlValue[]) => Promise<unknown>
  /** Runs a statement that is not worth preparing. */
  readonly once: (sql: string, values: MysqlValue[]) => Promise<unknown>
  /** Runs a statement without a time limit. */
  readonly define: (sql: string) => Promise<unknown>
}

/**
 * Adapts any supported client.
 *
 * @throws {InvalidSettingError} when the client is not supported.
 */
export function mysqlPort(client: MysqlClient, timeout: number): MysqlPort {
  const pool = poolOf(client)
  const lender: Lender<MysqlConnection> = {
    borrow(done) {
      pool.getConnection(done)
    },
    giveBack(connection, error) {
      if (error === undefined || isAnswer(error)) connection.release()
      else connection.destroy()
    },
  }
  return {
    execute: (sql, values) =>
      onConnection(lender, timeout, (connection, done) => connection.execute(sql, values, done)),
    once: (sql, values) =>
      onConnection(lender, timeout, (connection, done) => connection.query(sql, values, done)),
    define: (sql) =>
      onConnection(lender, Infinity, (connection, done) => connection.query(sql, [], done)),
  }
}

function poolOf(client: MysqlClient): MysqlPool {
  const pool = isPromisePool(client) ? client.pool : client
  if (hasMethods(pool, 'promise', 'getConnection')) return pool
  throw new InvalidSettingError('client', 'must be a pool of mysql2 or mysql2/promise.')
}

function isPromisePool(client: MysqlClient): client is MysqlPromisePool {
  return typeof client === 'object' && client !== null && 'pool' in client
}

/**
 * Reads what a statement changed. A pool may be configured to return big numbers as text.
 *
 * @throws {Error} when the reply lacks a number.
 */
export function changeOf(header: unknown): MysqlChange {
  const { affectedRows, insertId } = (header ?? {}) as Readonly<Record<string, unknown>>
  return { affectedRows: countIn(affectedRows), insertId: countIn(insertId) }
}

/** Whether an error is the server's reply to a statement, after which the connection can still be used. */
function isAnswer(error: unknown): boolean {
  if (!(isError(error) && 'sqlState' in error)) return false
  if ('fatal' in error && error.fatal === true) return false
  if ('errno' in error && LASTING.has(error.errno)) return false
  return !String(error.sqlState).startsWith(CONNECTION_ENDS)
}

/**
 * The class of errors after which the server closes the connection: a packet is too large, or the server shuts down.
 */
const CONNECTION_ENDS = '08'

/**
 * Errors that every later call on the connection would meet as well: ER_CONNECTION_KILLED of MariaDB, whose SQL state is
 * that of a killed statement; ER_UNKNOWN_STMT_HANDLER (a proxy has moved the connection to a server that does not have its
 * prepared statements, which mysql2 keeps as long as the connection); ER_OPTION_PREVENTS_STATEMENT, ER_READ_ONLY_MODE and
 * ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION (the server is no longer the primary: a new connection may reach the one that is).
 */
const LASTING: ReadonlySet<unknown> = new Set([1927, 1243, 1290, 1836, 1792])
