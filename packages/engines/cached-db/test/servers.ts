import type { Clock, SessionError } from '@sessions/core'
import { postgresEngine } from '@sessions/db/postgres'
import { redisEngine } from '@sessions/redis'
import { Redis } from 'ioredis'
import { randomBytes } from 'node:crypto'
import { Pool } from 'pg'
import { cachedDbEngine } from '../src/index.ts'
import { columns } from './columns.ts'

/** Where the sessions of a process are stored. */
export interface Place {
  readonly redis: string
  readonly postgres: string
  /** A name that no other test uses: the prefix in the cache, and the table. */
  readonly name: string
}

/** A place that no other test uses, on shared servers. */
export function freshPlace(urls: Omit<Place, 'name'>): Place {
  return { ...urls, name: `test_${randomBytes(8).toString('hex')}` }
}

interface Options {
  /** How many milliseconds to wait for the cache. */
  readonly timeout?: number
  readonly clock?: Clock
  readonly onCacheError?: (error: SessionError) => void
}

/** The engines of a process. */
export interface Opened {
  readonly cache: ReturnType<typeof redisEngine>
  readonly db: ReturnType<typeof postgresEngine>
  readonly engine: ReturnType<typeof cachedDbEngine>
  readonly pool: Pool
  readonly close: () => Promise<void>
}

/** Connects to both servers, as a separate process would. */
export function open({ redis, postgres, name }: Place, options: Options = {}): Opened {
  const { timeout, ...rest } = options
  const client = new Redis(redis, { retryStrategy: () => 50 })
  const pool = new Pool({ connectionString: postgres, connectionTimeoutMillis: 5000 })
  // Both emit `error` when they lose a connection, as many tests make them do.
  client.on('error', () => undefined)
  pool.on('error', () => undefined)
  const cache = redisEngine(client, { keyPrefix: `${name}:`, timeout })
  const db = postgresEngine(pool, { table: name, columns })
  return {
    cache,
    db,
    engine: cachedDbEngine({ cache, db, ...rest }),
    pool,
    async close() {
      client.disconnect()
      await pool.end()
    },
  }
}
