import type { CookieEngine, SessionEngine } from '../../packages/core/src/index.ts'
import type { OpenEngine, ServedEngine } from './engines.ts'
import { openMemcached } from './memcached.ts'
import { openMysql } from './mysql.ts'
import { openPostgres } from './postgres.ts'
import { openRedis } from './redis.ts'
import { openSqlite } from './sqlite.ts'

/** What opens the store at a URL, by its protocol. */
const caches: Readonly<Record<string, OpenEngine>> = { redis: openRedis, memcached: openMemcached }
const databases: Readonly<Record<string, OpenEngine>> = {
  postgres: openPostgres,
  postgresql: openPostgres,
  mysql: openMysql,
  file: openSqlite,
}

/**
 * A cache before a database: those that the URLs name, as in `redis://localhost:6379,postgres://localhost/shop`, and for
 * one that is not named a private Redis or PostgreSQL that goes with this process.
 *
 * @throws {Error} when a URL is that of neither a cache nor a database, or there are two of a kind.
 */
export async function openCachedDb(urls: string | undefined): Promise<ServedEngine> {
  const { cachedDbEngine } = await import('../../packages/engines/cached-db/src/index.ts')
  // Servers of memcached have commas between them, too.
  const given = urls?.split(/,(?=\w+:\/\/)/) ?? []
  const unknown = given.find((url) => !(protocolOf(url) in { ...caches, ...databases }))
  if (unknown !== undefined) {
    throw new Error(
      `--engine-url takes a cache (redis, memcached) and a database (postgres, mysql, file), as in redis://localhost:6379,postgres://localhost/shop: ${unknown} is neither.`,
    )
  }
  for (const openers of [caches, databases]) {
    if (given.filter((url) => protocolOf(url) in openers).length > 1)
      throw new Error(
        `--engine-url takes one cache and one database: ${given.join(' and ')} are more.`,
      )
  }
  const cache = await openOneOf(caches, given, openRedis)
  try {
    const db = await openOneOf(databases, given, openPostgres)
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
    // Its connection and its private server would keep this process alive.
    await cache.close?.()
    throw error
  }
}

async function openOneOf(
  openers: Readonly<Record<string, OpenEngine>>,
  given: readonly string[],
  openPrivate: OpenEngine,
): Promise<ServedEngine> {
  const url = given.find((one) => protocolOf(one) in openers)
  const open = url === undefined ? undefined : openers[protocolOf(url)]
  return (open ?? openPrivate)(url)
}

function protocolOf(url: string): string {
  return url.split(':', 1)[0] ?? ''
}

/** None of these keeps sessions in the browser. */
function onServer(engine: SessionEngine | CookieEngine): SessionEngine {
  return engine as SessionEngine
}
