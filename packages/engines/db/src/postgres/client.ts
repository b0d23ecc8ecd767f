import { InvalidSettingError } from '@sessions/core'
import { isPool, poolPort, type PostgresPool } from './pg.ts'
import { isPglite, pglitePort, type Pglite } from './pglite.ts'
import type { PostgresPort, RunOptions } from './port.ts'
import { isPostgresJs, postgresJsPort, type PostgresJs } from './postgres-js.ts'

/**
 * A supported client: a `Pool` of `pg`, what `postgres()` of postgres.js returns, or a PGlite. Declared structurally,
 * so that none of them is a dependency.
 */
export type PostgresClient = PostgresPool | PostgresJs | Pglite

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
