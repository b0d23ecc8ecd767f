import type { CookieEngine, SessionEngine } from '../../packages/core/src/index.ts'
import type { OpenEngine, ServedEngine } from './engines.ts'
import { openMemcached } from './memcached.ts'
import { openMysql } from './mysql.ts'
import { openPostgres } from './postgres.ts'
import { openRedis } from './redis.ts'
import { openSqlite } from './sqlite.ts'

/** The functions that open a store by its URL, by the protocol of the URL. */
const caches: Readonly<Record<string, OpenEngine>> = { redis: openRedis, memcached: openMemcached }
const databases: Readonly<Record<string, OpenEngine>> = {
  postgres: openPostgres,
  postgresql: openPostgres,
  mysql: openMysql,
  file: openSqlite,
}

/**
 * Opens a cache in front of a database: those at the URLs, as in `redis://localhost:6379,postgres://localhost/shop`. For
 * a missing one, it starts a private Redis or PostgreSQL that ends with this process.
 *
 * @throws {Error} if a URL is neither that of a cache nor that of a database, or there are two of either.
 */
export async function openCachedDb(urls: string | undefined): Promise<ServedEngine> {
  const { cachedDbEngine } = await import('../../packages/engines/cached-db/src/index.ts')
  // The URL of several memcached servers contains commas, too.
  const requested = urls?.split(/,(?=\w+:\/\/)/) ?? []
  const unknown = requested.find((url) => !(protocolOf(url) in { ...caches, ...databases }))
  if (unknown !== undefined) {
    throw new Error(
      `--engine-url takes a cache (redis, memcached) and a database (postgres, mysql, file), as in redis://localhost:6379,postgres://localhost/shop: ${unknown} is neither.`,
    )
  }
  for (const openers of [caches, databases]) {
    if (requested.filter((url) => protocolOf(url) in openers).length > 1)
      throw new Error(
        `--engine-url takes one cache and one database, not two of one kind: ${requested.join(',')}.`,
      )
  }
  const cache = await openOneOf(caches, requested, openRedis)
  try {
    const db = await openOneOf(databases, requested, openPostgres)
    return {
      engine: cachedDbEngine({
        cache: onServer(cache.engine),
        db: onServer(db.engine),
        onCacheError: (error) => console.error(error.message),
      }),
      async close() {
        await cache.close?.()
        await db.close?.()
      },
    }
  } catch (error) {
    // An open connection or private server would keep this process alive.
    await cache.close?.()
    throw error
  }
}

async function openOneOf(
  openers: Readonly<Record<string, OpenEngine>>,
  requested: readonly string[],
  openPrivate: OpenEngine,
): Promise<ServedEngine> {
  const url = requested.find((candidate) => protocolOf(candidate) in openers)
  const open = url === undefined ? undefined : openers[protocolOf(url)]
  return (open ?? openPrivate)(url)
}

function protocolOf(url: string): string {
  return url.split(':', 1)[0] ?? ''
}

/** Narrows the type: none of these engines keeps sessions in cookies. */
function onServer(engine: SessionEngine | CookieEngine): SessionEngine {
  return engine as SessionEngine
}
