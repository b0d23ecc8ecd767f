import type { CookieEngine, SessionEngine } from '../../packages/core/src/index.ts'
import { openCachedDb } from './cached-db.ts'
import { openEncryptedCookies, openSignedCookies } from './cookies.ts'
import { openFiles } from './file.ts'
import { openMemcached } from './memcached.ts'
import { openMysql } from './mysql.ts'
import { openPostgres } from './postgres.ts'
import { openRedis, openRedisCluster } from './redis.ts'
import { openSqlite } from './sqlite.ts'

/** An opened engine. */
export interface ServedEngine {
  readonly engine: SessionEngine | CookieEngine
  /** Closes the connection, and removes the private store, if there is one. */
  readonly close?: () => void | Promise<void>
}

/** Opens an engine over the store at a URL; without one, over a private store that ends with this process. */
export type OpenEngine = (url: string | undefined) => ServedEngine | Promise<ServedEngine>

/** The engines that can be served over, by name. */
const engines: Readonly<Record<string, OpenEngine>> = {
  memory: async () => ({
    engine: (await import('../../packages/engines/memory/src/index.ts')).memoryEngine(),
  }),
  sqlite: openSqlite,
  postgres: openPostgres,
  mysql: openMysql,
  redis: openRedis,
  'redis-cluster': openRedisCluster,
  memcached: openMemcached,
  'cached-db': openCachedDb,
  file: openFiles,
  'signed-cookies': openSignedCookies,
  'encrypted-cookies': openEncryptedCookies,
}

/** The engines that have no store which a URL could name. */
const withoutUrl = ['memory', 'signed-cookies', 'encrypted-cookies']

/**
 * Opens an engine by its name, over the store at the URL or over a private one.
 *
 * @throws {Error} if there is no such engine, or a URL is given for one that takes none; the message is for the user.
 */
export async function openEngine(name: string, url: string | undefined): Promise<ServedEngine> {
  const open = Object.hasOwn(engines, name) ? engines[name] : undefined
  if (open === undefined) {
    throw new Error(
      `Unknown value for --engine: ${name}. Choose one of: ${Object.keys(engines).join(', ')}.`,
    )
  }
  if (url !== undefined && withoutUrl.includes(name)) {
    throw new Error(`The engine ${name} is not over a server or file: leave out --engine-url.`)
  }
  return open(url)
}
