import session, { MemoryStore, type Store } from 'express-session'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { StoreName } from '../contender.ts'
import type { Places } from '../places.ts'

/**
 * The express-session store most widely used for `store`, set up as its documentation says. Only that package is imported.
 * `name` keeps the database files and folders of contenders apart.
 */
export async function connectStoreOf(
  store: StoreName,
  places: Places,
  name: string,
): Promise<Store> {
  switch (store) {
    case 'memory':
      return new MemoryStore()
    case 'memory:memorystore': {
      const { default: memorystore } = await import('memorystore')
      return new (memorystore(session))({ checkPeriod: 86_400_000 })
    }
    case 'redis':
    case 'redis:default': {
      const { RedisStore } = await import('connect-redis')
      const { nodeRedis, nodeRedisWithoutTimeout } = await import('./redis.ts')
      const client = await (store === 'redis' ? nodeRedisWithoutTimeout : nodeRedis)(places)
      return new RedisStore({ client })
    }
    case 'memcached': {
      const { default: connectMemcached } = await import('connect-memcached')
      return new (connectMemcached(session))({ hosts: [places.memcached] })
    }
    case 'postgres': {
      const { default: connectPgSimple } = await import('connect-pg-simple')
      const { postgresPool } = await import('./postgres.ts')
      const pool = postgresPool(places)
      return new (connectPgSimple(session))({ pool, createTableIfMissing: true })
    }
    case 'sqlite': {
      const { default: sqliteStore } = await import('better-sqlite3-session-store')
      const { sqliteDatabase } = await import('./sqlite.ts')
      return new (sqliteStore(session))({ client: sqliteDatabase(places, name) })
    }
    case 'file': {
      const { default: fileStore } = await import('session-file-store')
      const path = join(places.folder, name.replaceAll(/\W/g, '-'))
      mkdirSync(path, { recursive: true })
      return new (fileStore(session))({ path, logFn: () => undefined })
    }
    default:
      throw new Error(`express-session has no store for ${store}.`)
  }
}
