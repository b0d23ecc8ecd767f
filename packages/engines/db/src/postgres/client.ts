import { hasMethods, InvalidSettingError } from '@sessions/core'
import { countIn, noOutcome, rowsIn } from '../answers.ts'
import { digest } from '../digest.ts'
import type { Row } from '../rows.ts'
import { onConnection, within, type Lender } from '../timeout.ts'

/** A parameter of a statement. */
export type PostgresValue = string | number | boolean | null

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

/** The part of postgres.js that the engine uses: what its `postgres()` returns. */
export interface PostgresJs {
  (strings: TemplateStringsArray): unknown
  unsafe(
    text: string,
    values?: PostgresValue[],
    options?: { readonly prepare?: boolean },
  ): PromiseLike<readonly unknown[] & { readonly count: number; readonly command: string }>
}

/** The part of PGlite that the engine uses. */
export interface Pglite {
  query(
    text: string,
    values?: PostgresValue[],
  ): Promise<{ readonly rows: unknown[]; readonly affectedRows?: number }>
  exec(text: string): Promise<unknown>
}

/**
 * A supported client: a `Pool` of `pg`, what `postgres()` of postgres.js returns, or a PGlite. Declared structurally,
 * so that none of them is a dependency.
 */
export type PostgresClient = PostgresPool | PostgresJs | Pglite

/** The reply to a statement. */
export interface PostgresAnswer {
  readonly rows: readonly Row[]
  /** How many rows it wrote or deleted, if it does nothing else. */
  readonly rowCount: number
}

/** What the engine needs of a client. */
export interface PostgresPort {
  /** Runs a statement. */
  readonly query: (text: string, values: PostgresValue[]) => Promise<PostgresAnswer>
  /** Runs statements in one transaction, without a time limit. */
  readonly script: (text: string) => Promise<unknown>
}

/** How to run statements. */
interface RunOptions {
  readonly timeout: number
  readonly prepare: boolean
}

/**
 * Adapts any supported client.
 *
 * @throws {InvalidSettingError} when the client is not supported.
 */
export function postgresPort(client: PostgresClient, options: RunOptions): PostgresPort {
  if (isPostgresJs(client)) return postgresJsPort(client, options)
  if (isPglite(client)) return pglitePort(client)
  if (isPool(client)) return poolPort(client, options)
  throw new InvalidSettingError(
    'client',
    'must be a Pool of pg, what postgres() of postgres.js returns, or a PGlite.',
  )
}

function poolPort(pool: PostgresPool, { timeout, prepare }: RunOptions): PostgresPort {
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

function postgresJsPort(sql: PostgresJs, { timeout, prepare }: RunOptions): PostgresPort {
  return {
    async query(text, values) {
      // The query is not cancelled. If postgres.js has sent it, cancelling takes another connection, whose failure is
      // an unhandled rejection that ends the process. If a connection is being opened for it, that one is lost for
      // good.
      const answer = await within(timeout, sql.unsafe(text, values, { prepare }))
      checkWhole(answer)
      return { rows: rowsIn(answer), rowCount: answer.count }
    },
    async script(text) {
      const { command } = await sql.unsafe(text)
      if (command === null) throw noOutcome()
    },
  }
}

/**
 * Checks for two bugs of postgres.js. If it sends a statement while the connection is being lost, it answers once it
 * has a new connection, with no rows and without the server's row count. And if a connection was lost after a row,
 * postgres.js continues to count from that row: unless it asks for types first, the next rows come after empty slots,
 * and the first row seems to be absent.
 *
 * @throws {Error} when the rows are not those that the server sent.
 */
function checkWhole({ length, count }: { readonly length: number; readonly count: number }): void {
  if (typeof count !== 'number') throw noOutcome()
  if (length === 0 || length === count) return
  throw new Error(
    `postgres.js returned ${length} rows, but the server sent ${count}, so whether the statement took effect is unknown.`,
  )
}

/** Without a timeout, because PGlite runs in this process. */
function pglitePort(database: Pglite): PostgresPort {
  return {
    async query(text, values) {
      const { rows, affectedRows } = await database.query(text, values)
      return { rows: rowsIn(rows), rowCount: countIn(affectedRows) }
    },
    script: (text) => database.exec(text),
  }
}

function isPostgresJs(client: PostgresClient): client is PostgresJs {
  return typeof client === 'function' && hasMethods(client, 'unsafe')
}

/** The databases of bun:sqlite have these methods as well, and `prepare`. */
function isPglite(client: PostgresClient): client is Pglite {
  return hasMethods(client, 'query', 'exec') && !hasMethods(client, 'prepare')
}

/** Only a single `Client` has `connection`, and only the clients of mysql2 have `execute`. */
function isPool(client: PostgresClient): client is PostgresPool {
  return (
    hasMethods(client, 'query', 'connect') &&
    !('connection' in client) &&
    !hasMethods(client, 'execute')
  )
}

/** Whether an error is the server's reply to a statement, after which the connection can still be used. */
function isAnswer(error: unknown): boolean {
  if (!(error instanceof Error && 'severity' in error && 'code' in error)) return false
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
