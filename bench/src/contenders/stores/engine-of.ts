import type { CookieEngine, SessionEngine } from '@sessions/core'
import { join } from 'node:path'
import type { StoreName } from '../contender.ts'
import type { Places } from '../places.ts'

const secretKey = 'a secret that nobody has to keep, of forty'

/** This library's engine for a store, set up as its documentation says. Only that engine and its driver are imported. */
export async function engineOf(
  store: StoreName,
  places: Places,
  name: string,
): Promise<SessionEngine | CookieEngine> {
  switch (store) {
    case 'memory': {
      const { memoryEngine } = await import('@sessions/memory')
      return memoryEngine()
    }
    case 'redis':
    case 'redis:default': {
      const { redisEngine } = await import('@sessions/redis')
      const { nodeRedis, nodeRedisWithoutTimeout } = await import('./redis.ts')
      return redisEngine(await (store === 'redis' ? nodeRedisWithoutTimeout : nodeRedis)(places))
    }
    case 'redis:ioredis': {
      const { redisEngine } = await import('@sessions/redis')
      const { ioredis } = await import('./redis.ts')
      return redisEngine(ioredis(places))
    }
    case 'postgres': {
      const { postgresEngine } = await import('@sessions/db/postgres')
      const { postgresPool } = await import('./postgres.ts')
      const engine = postgresEngine(postgresPool(places))
      await engine.migrate()
      return engine
    }
    case 'sqlite': {
      const { sqliteEngine } = await import('@sessions/db/sqlite')
      const { sqliteDatabase } = await import('./sqlite.ts')
      const engine = sqliteEngine(sqliteDatabase(places, name))
      await engine.migrate()
      return engine
    }
    case 'memcached': {
      const { memcachedClient, memcachedEngine } = await import('@sessions/memcached')
      return memcachedEngine(memcachedClient(places.memcached))
    }
    case 'file': {
      const { fileEngine } = await import('@sessions/file')
      return fileEngine({ directory: join(places.folder, name.replaceAll(/\W/g, '-')) })
    }
    case 'signed-cookie': {
      const { signedCookieEngine } = await import('@sessions/signed-cookies')
      return signedCookieEngine({ secretKey })
    }
    case 'encrypted-cookie': {
      const { encryptedCookieEngine } = await import('@sessions/signed-cookies')
      return encryptedCookieEngine({ secretKey })
    }
    default:
      throw new Error(`This library has no engine for ${store}.`)
  }
}
