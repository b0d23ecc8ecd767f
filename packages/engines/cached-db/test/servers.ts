import type { Clock, SessionError } from '@sessions/core'
import { postgresEngine } from '@sessions/db/postgres'
import { redisEngine } from '@sessions/redis'
import { Redis } from 'ioredis'
import { randomBytes } from 'node:crypto'
import { Pool } from 'pg'
import { cachedDbEngine } from '../src/index.ts'
import { columns } from './columns.ts'

/** Where a process finds its sessions. */
export interface Place {
  readonly redis: string
  readonly postgres: string
  /** What no other test has: the prefix in the cache, and the table. */
  readonly name: string
}

/** A place that no other test has, on servers that others use as well. */
export function freshPlace(urls: Omit<Place, 'name'>): Place {
  return { ...urls, name: `test_${randomBytes(8).toString('hex')}` }
}

interface Options {
  /** How many milliseconds the cache is waited for. */
  readonly timeout?: number
  readonly clock?: Clock
  readonly onCacheError?: (error: SessionError) => void
}

/** What a process has to keep sessions. */
export interface Opened {
  readonly cache: ReturnType<typeof redisEngine>
  readonly db: ReturnType<typeof postgresEngine>
  readonly engine: ReturnType<typeof cachedDbEngine>
  readonly pool: Pool
  readonly close: () => Promise<void>
}

/** Connects to both servers, as a process of its own would. */
export function open({ redis, postgres, name }: Place, options: Options = {}): Opened {
  const { timeout, ...rest } = options
  const client = new Redis(redis, { retryStrategy: () => 50 })
  const pool = new Pool({ connectionString: postgres, connectionTimeoutMillis: 5000 })
  // Both say so when a connection is lost; that is what many tests are about.
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
