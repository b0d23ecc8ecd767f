import type { StoreName } from '../contender.ts'
import type { Places } from '../places.ts'
import { memoryKv, type Kv } from './kv.ts'

/** The bare client of a store. Only that client is imported. */
export async function kvOf(store: StoreName, places: Places, name: string): Promise<Kv> {
  switch (store) {
    case 'memory':
      return memoryKv()
    case 'redis': {
      const { nodeRedisKv, nodeRedisWithoutTimeout } = await import('./redis.ts')
      return nodeRedisKv(await nodeRedisWithoutTimeout(places))
    }
    case 'redis:default': {
      const { nodeRedis, nodeRedisKv } = await import('./redis.ts')
      return nodeRedisKv(await nodeRedis(places))
    }
    case 'redis:ioredis': {
      const { ioredis, ioredisKv } = await import('./redis.ts')
      return ioredisKv(ioredis(places))
    }
    case 'postgres': {
      const { postgresKv, postgresPool } = await import('./postgres.ts')
      return postgresKv(postgresPool(places))
    }
    case 'sqlite': {
      const { sqliteDatabase, sqliteKv } = await import('./sqlite.ts')
      return sqliteKv(sqliteDatabase(places, name))
    }
    case 'memcached': {
      const { memcachedClient, memcachedKv } = await import('./memcached.ts')
      return memcachedKv(memcachedClient(places))
    }
    default:
      throw new Error(`${store} has no bare client.`)
  }
}
