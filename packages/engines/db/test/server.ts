import { type SessionEngine, type SessionRecord } from '@sessions/core'
import { afterAll, afterEach, beforeAll } from 'vitest'
import type { DatabaseEngine, TableOptions } from '../src/sqlite.ts'
import { freshTable } from './services.ts'

/** A database server, and how to inspect it without the engine. */
export interface Server {
  /** Creates an engine with a pool of ten connections or more. */
  readonly engine: (options: TableOptions) => DatabaseEngine
  /** An engine with one connection, and the number of statements that the server counted on it. */
  readonly counted: (options: TableOptions) => Promise<CountedEngine>
  /** Runs a statement; resolves to its rows. */
  readonly run: (sql: string) => Promise<readonly Record<string, unknown>[]>
  /** Runs statements in a transaction that is left open. */
  readonly hold: (...statements: readonly string[]) => Promise<{ commit: () => Promise<void> }>
  /** How many statements wait for a lock that another transaction holds. */
  readonly waiting: (table: string) => Promise<number>
  readonly close: () => Promise<void>
}

/** An engine whose statements the server counts. */
export interface CountedEngine {
  readonly engine: SessionEngine
  readonly statements: () => Promise<number>
  readonly close: () => Promise<void>
}

/** A server under test. */
export interface Subject {
  /** `pg` or `mysql2`. */
  readonly driver: string
  readonly url: () => string
  readonly server: () => Server
  /** The table that was created last. */
  readonly table: () => string
  /** Creates an engine over a table of its own, which is dropped when the test ends. */
  readonly migrated: (options?: TableOptions) => Promise<DatabaseEngine>
  /** The same without creating the table. */
  readonly unmigrated: (options?: TableOptions) => DatabaseEngine
  /** Drops a table when the test ends. */
  readonly dropLater: (table: string) => void
}

const HOUR = 3_600_000

/** A record that lives for an hour. */
export const record = (data: string): SessionRecord => ({ data, expiresAt: Date.now() + HOUR })

/** Opens a server for the tests that are being registered. */
export function subjectOf(
  driver: string,
  { url, open }: { readonly url: () => string; readonly open: () => Server },
): Subject {
  let server: Server
  let table = ''
  const tables: string[] = []
  beforeAll(() => void (server = open()))
  afterEach(async () => {
    for (const one of tables.splice(0)) await server.run(`DROP TABLE IF EXISTS ${one}`)
  })
  afterAll(async () => server.close())

  const unmigrated = (options: TableOptions = {}): DatabaseEngine => {
    table = freshTable()
    tables.push(table)
    return server.engine({ table, ...options })
  }
  return {
    driver,
    url,
    server: () => server,
    table: () => table,
    unmigrated,
    async migrated(options) {
      const engine = unmigrated(options)
      await engine.migrate()
      return engine
    },
    dropLater: (one) => void tables.push(one),
  }
}
