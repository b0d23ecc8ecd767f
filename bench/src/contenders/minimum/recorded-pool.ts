import type { PostgresPool } from '@sessions/db/postgres'
import type { Pool, PoolClient, QueryConfig } from 'pg'
import { recorded, type Command } from './recorded.ts'

/** Wraps a pool so that every statement on its connections is reported to `record`. The pool itself replays them. */
export function recordedPool(pool: Pool, record: (command: Command) => void): PostgresPool {
  const recordStatement = ({ args: [statement, parameters] }: Command): void =>
    record({
      args: [parameters],
      run: ([values]) => pool.query(statement as QueryConfig, values as []),
    })
  return Object.assign(Object.create(pool) as Pool, {
    connect: (done: (error: unknown, connection?: PoolClient) => void) =>
      pool.connect((error, connection) =>
        done(error, connection && recorded(connection, recordStatement)),
      ),
  })
}
