import type { MaybePromise } from '@sessions/core'
import { openFiles } from './file.ts'
import { openMemory } from './memory.ts'
import { openMysql } from './mysql.ts'
import { openPostgres } from './postgres.ts'
import { openRedis } from './redis.ts'
import { openSqlite } from './sqlite.ts'
import type { Store, StoreOptions } from './store.ts'

/** The stores that can be filled, by name. */
export const stores: Readonly<Record<string, (options: StoreOptions) => MaybePromise<Store>>> = {
  memory: openMemory,
  sqlite: openSqlite,
  file: openFiles,
  redis: openRedis,
  postgres: openPostgres,
  mysql: openMysql,
}
