/* Types for packages without any, limited to what the benchmark uses. */

declare module 'better-sqlite3' {
  export interface Statement {
    run(...parameters: unknown[]): { readonly changes: number | bigint }
    get(...parameters: unknown[]): unknown
    all(...parameters: unknown[]): unknown[]
  }
  export interface BetterSqlite3 {
    prepare(sql: string): Statement
    exec(sql: string): unknown
    close(): unknown
  }
  const Database: new (file: string) => BetterSqlite3
  export default Database
}

declare module 'better-sqlite3-session-store' {
  import type { BetterSqlite3 } from 'better-sqlite3'
  import type session from 'express-session'
  const storeOf: (from: typeof session) => new (options: { client: BetterSqlite3 }) => session.Store
  export default storeOf
}

declare module 'memcached' {
  type Callback<Result> = (error: Error | null, result: Result) => void
  export default class Memcached {
    constructor(server: string)
    get(key: string, callback: Callback<string | undefined>): void
    set(key: string, value: string, seconds: number, callback: Callback<boolean>): void
    del(key: string, callback: Callback<boolean>): void
    end(): void
  }
}

declare module 'connect-memcached' {
  import type session from 'express-session'
  const storeOf: (from: typeof session) => new (options: { hosts: string[] }) => session.Store
  export default storeOf
}
