import { hasMethods } from '@sessions/core'
import { noOutcome } from '../answers.ts'
import { digest } from '../digest.ts'
import { isError } from '../is-error.ts'
import { onConnection, type Lender } from '../timeout.ts'
import type { PostgresAnswer, PostgresPort, PostgresValue, RunOptions } from './port.ts'

/** A statement as it is passed to `pg`. */
export interface PostgresStatement {
  readonly name?: string
  readonly text: string
}

/** What `pg` returns. `rowCount` is null if the server has not reported how the statement ended. */
interface PgResult {
  readonly rows: unknown[]
  readonly rowCount: number | null
}

/** The part of a connection of `pg` that the engine uses. */
export interface PostgresConnection {
  query(
    statement: PostgresStatement,
    values: PostgresValue[] | undefined,
    done: (error: unknown, result?: PgResult) => void,
  ): void
  on(event: 'error', listener: () => void): unknown
  off(event: 'error', listener: () => void): unknown
  release(error?: Error | boolean): void
}

/**
 * The part of a `Pool` of `pg` that the engine uses; `totalCount` and `query` distinguish it from a single client and
 * from pools of other libraries.
 */
export interface PostgresPool {
  readonly totalCount: number
  query(...statement: never[]): unknown
  connect(done: (error: unknown, connection?: PostgresConnection) => void): void
}

/** Only a single `Client` has `connection`, and only the clients of mysql2 have `execute`. */
export function isPool(client: object): client is PostgresPool {
  return (
    hasMethods(client, 'query', 'connect') &&
    !('connection' in client) &&
    !hasMethods(client, 'execute')
  )
}

/** Adapts a pool. */
export function poolPort(pool: PostgresPool, { timeout, prepare }: RunOptions): PostgresPort {
  const lender: Lender<PostgresConnection> = {
    borrow(done) {
      pool.connect((error, connection) => {
        // A lost connection fails the query, and also emits an error, which would end the process without a listener.
        connection?.on('error', ignore)
        done(error, connection)
      })
    },
    giveBack(connection, error) {
      connection.off('error', ignore)
      connection.release(error !== undefined && !isAnswer(error))
    },
  }
  const statements = new Map<string, PostgresStatement>()
  const statementOf = (text: string): PostgresStatement => {
    const known = statements.get(text)
    if (known) return known
    const properties = prepare ? { name: `sessions_${digest(text)}`, text } : { text }
    // For each query, pg copies a statement's own properties, which takes 2 µs. It reads inherited ones as well.
    const statement = Object.create(properties) as PostgresStatement
    statements.set(text, statement)
    return statement
  }
  return {
    query: (text, values) =>
      onConnection<PostgresConnection, PostgresAnswer>(lender, timeout, (connection, done) => {
        connection.query(statementOf(text), values, (error, result) => {
          done(error ?? faultOf(result), result as PostgresAnswer)
        })
      }),
    // Without values, pg uses the simple protocol, in which several statements are one transaction. With an empty list,
    // pg-native would not.
    script: (text) =>
      onConnection(lender, Infinity, (connection, done) =>
        connection.query({ text }, undefined, done),
      ),
  }
}

/** What is wrong with a reply, if anything is. */
function faultOf(result: PgResult | undefined): Error | undefined {
  return typeof result?.rowCount === 'number' ? undefined : noOutcome()
}

/** Whether an error is the server's reply to a statement, after which the connection can still be used. */
function isAnswer(error: unknown): boolean {
  if (!(isError(error) && 'severity' in error && 'code' in error)) return false
  if (error.severity === 'FATAL' || error.severity === 'PANIC') return false
  return !CONNECTION_ENDS.test(String(error.code)) && !LASTING.has(error.code)
}

/**
 * Errors after which the server closes the connection, by their codes, because the severity is in the server's language:
 * connection_exception, idle_in_transaction_session_timeout, transaction_timeout, admin_shutdown and its like.
 */
const CONNECTION_ENDS = /^(?:08|25P0[34]|57P)/

/**
 * Errors that every later call on the connection would meet as well: feature_not_supported (the type of a column of a
 * prepared statement has changed), invalid_sql_statement_name (the application has discarded the prepared statements),
 * in_failed_sql_transaction (the application has not ended its transaction), read_only_sql_transaction (the server is no
 * longer the primary: a new connection may reach the one that is).
 */
const LASTING: ReadonlySet<unknown> = new Set(['0A000', '26000', '25P02', '25006'])

function ignore(): void {
  // The query fails with the same error.
}
