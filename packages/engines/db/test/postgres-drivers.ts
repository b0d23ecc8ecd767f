import { PGlite } from '@electric-sql/pglite'
import { Pool, type PoolConfig } from 'pg'
import postgres from 'postgres'
import type { PostgresClient } from '../src/postgres.ts'
import { serviceUrl } from './services.ts'

/** A client of any driver. */
export interface TestClient {
  readonly client: PostgresClient
  /** Runs a statement; resolves to its rows. */
  readonly run: (sql: string) => Promise<readonly Record<string, unknown>[]>
  readonly end: () => Promise<void>
}

/** The drivers, each with a function that opens a client. PGlite is its own database, with a single connection. */
export const drivers: Readonly<Record<string, () => Promise<TestClient>>> = {
  async pg() {
    const client = pgPool()
    return {
      client,
      run: async (sql) => (await client.query(sql)).rows as Record<string, unknown>[],
      end: async () => client.end(),
    }
  },

  async 'pg that leaves values as they come, as text'() {
    const types = { getTypeParser: () => (text: unknown) => text }
    const client = pgPool({ types })
    return {
      client,
      run: async (sql) => (await client.query(sql)).rows as Record<string, unknown>[],
      end: async () => client.end(),
    }
  },

  async 'postgres.js'() {
    const client = postgres(serviceUrl('postgres'), { max: 10 })
    return { client, run: async (sql) => client.unsafe(sql), end: async () => client.end() }
  },

  async PGlite() {
    const client = await PGlite.create()
    return {
      client,
      run: async (sql) => (await client.query(sql)).rows as Record<string, unknown>[],
      end: async () => client.close(),
    }
  },
}

/** A pool of `pg` to the server of this run, or to another. */
export function pgPool(options: PoolConfig = {}): Pool {
  return new Pool({ connectionString: serviceUrl('postgres'), max: 10, ...options })
}
