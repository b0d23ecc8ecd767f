import { InvalidSettingError } from '@sessions/core'
import { onConnection, type Lender } from './timeout.ts'

/** What is bound to a statement here. */
export type MysqlValue = string | number | null

/** The part of a pooled connection of mysql2 that the engine uses. */
export interface MysqlConnection {
  execute(sql: string, values: MysqlValue[]): Promise<readonly unknown[]>
  query(sql: string, values: unknown[]): Promise<readonly unknown[]>
  release(): void
  destroy(): void
}

/** The part of a pool of `mysql2/promise` that the engine uses. */
export interface MysqlPool {
  getConnection(): Promise<MysqlConnection>
}

/** The part of a pool of `mysql2` that the engine uses: it has one with promises. */
export interface MysqlCallbackPool {
  promise(): MysqlPool
}

/** What sessions can be kept by. The types are stated here so that mysql2 is no dependency. */
export type MysqlClient = MysqlPool | MysqlCallbackPool

/** One column of one row. */
type Row = Readonly<Record<string, unknown>>

/** What a statement that changes something answers. */
export interface MysqlChange {
  /** How many rows it found, or deleted. */
  readonly affectedRows: number
  /** What `last_insert_id` was given in it; 0 where it was given nothing. */
  readonly insertId: number
}

/** All that the engine asks of a client. */
export interface MysqlPort {
  /** Runs a prepared statement; resolves its rows. */
  readonly rows: (sql: string, values: MysqlValue[]) => Promise<readonly Row[]>
  /** Runs a prepared statement that changes something. */
  readonly change: (sql: string, values: MysqlValue[]) => Promise<MysqlChange>
  /** Runs a statement that is not worth preparing, in which `?` may stand for a list. */
  readonly once: (sql: string, values: unknown[]) => Promise<MysqlChange>
  /** Runs a statement for as long as it takes. */
  readonly define: (sql: string) => Promise<unknown>
}

/**
 * The client, whichever it is.
 *
 * @throws {InvalidSettingError} when it is none.
 */
export function mysqlPort(client: MysqlClient, timeout: number): MysqlPort {
  const pool = poolOf(client)
  const lender: Lender<MysqlConnection> = {
    borrow: () => pool.getConnection(),
    giveBack(connection, error) {
      if (error === undefined || isAnswer(error)) connection.release()
      else connection.destroy()
    },
  }
  const execute = (sql: string, values: MysqlValue[]): Promise<readonly unknown[]> =>
    onConnection(lender, timeout, (connection) => connection.execute(sql, values))
  return {
    rows: async (sql, values) => (await execute(sql, values))[0] as readonly Row[],
    change: async (sql, values) => changeOf((await execute(sql, values))[0]),
    once: async (sql, values) =>
      changeOf((await onConnection(lender, timeout, (one) => one.query(sql, values)))[0]),
    define: (sql) => onConnection(lender, Infinity, (one) => one.query(sql, [])),
  }
}

function poolOf(client: MysqlClient): MysqlPool {
  if (typeof client === 'object' && client !== null) {
    if ('promise' in client) return client.promise()
    if ('getConnection' in client) return client
  }
  throw new InvalidSettingError('client', 'must be a pool of mysql2 or mysql2/promise.')
}

/** A pool may be told to answer big numbers as text. */
function changeOf(header: unknown): MysqlChange {
  const { affectedRows, insertId } = header as Readonly<Record<keyof MysqlChange, unknown>>
  return { affectedRows: Number(affectedRows), insertId: Number(insertId) }
}

/** Whether it is the server's answer to a statement, after which the connection goes on as before. */
function isAnswer(error: unknown): boolean {
  return (
    error instanceof Error && 'sqlState' in error && !('fatal' in error && error.fatal === true)
  )
}
