import type { PostgresPool } from '@sessions/db/postgres'
import type { Pool, PoolClient, QueryConfig } from 'pg'
import { recorded, type Command } from './recorded.ts'

/** A pool whose connections tell of their statements, which the pool itself then carries out again. */
export function recordedPool(pool: Pool, hear: (command: Command) => void): PostgresPool {
  const hearStatement = ({ args: [statement, given] }: Command): void =>
    hear({ args: [given], run: ([values]) => pool.query(statement as QueryConfig, values as []) })
  return Object.assign(Object.create(pool) as Pool, {
    connect: (done: (error: unknown, connection?: PoolClient) => void) =>
      pool.connect((error, connection) =>
        done(error, connection && recorded(connection, hearStatement)),
      ),
  })
}
