import { hasMethods } from '@sessions/core'
import { noOutcome, rowsIn } from '../answers.ts'
import { within } from '../timeout.ts'
import type { PostgresPort, PostgresValue, RunOptions } from './port.ts'

/** The part of postgres.js that the engine uses: what its `postgres()` returns. */
export interface PostgresJs {
  (strings: TemplateStringsArray): unknown
  unsafe(
    text: string,
    values?: PostgresValue[],
    options?: { readonly prepare?: boolean; readonly onexecute?: () => boolean },
  ): PromiseLike<readonly unknown[] & { readonly count: number; readonly command: string }>
}

/** Whether a client is postgres.js. */
export function isPostgresJs(client: object): client is PostgresJs {
  return typeof client === 'function' && hasMethods(client, 'unsafe')
}

/** Adapts postgres.js. */
export function postgresJsPort(sql: PostgresJs, { timeout, prepare }: RunOptions): PostgresPort {
  return {
    async query(text, values) {
      // The query is not cancelled. If postgres.js has sent it, cancelling takes another connection, whose failure is
      // an unhandled rejection that ends the process. If a connection is being opened for it, that one is lost for
      // good.
      const answer = await within(timeout, sql.unsafe(text, values, { prepare, onexecute }))
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
 * postgres.js calls this option of its own transactions when it has sent a query; false keeps it from sending another
 * one on that connection before the reply. If the server no longer knows a prepared statement (after `DISCARD ALL`,
 * behind a pooler, or since a column has another type), postgres.js prepares it again in two steps. It gives replies to
 * queries that it sends in between to the wrong calls: visitors would get each other's sessions.
 */
const onexecute = (): boolean => false

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
