import { mkdirSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Places } from '../contenders/places.ts'
import { engineOf } from '../contenders/stores/engine-of.ts'
import { kvOf } from '../contenders/stores/kv-of.ts'
import { cookiePairs } from './cookie-pairs.ts'
import { bareIdOf, deadline, enginePairs, nextText, type BareClient } from './engine-pairs.ts'
import { LANES, type Pair } from './pair.ts'
import { redisFloor } from './redis-floor.ts'

type Open = (places: Places) => Promise<readonly Pair[]>

/** What can be measured, by name: each opens an engine and the bare client that it is compared with. */
export const targets: Readonly<Record<string, Open>> = {
  redis: (places) => overKv('redis', 'node-redis without its timer', places),
  'redis:floor': redisFloor,
  'redis:ioredis': (places) => overKv('redis:ioredis', 'ioredis', places),
  memcached: (places) => overKv('memcached', 'memcached', places),
  postgres,
  mysql,
  sqlite,
  file,
  'cached-db': cachedDb,
  'signed-cookie': () => cookiePairs('signed-cookie'),
  'encrypted-cookie': () => cookiePairs('encrypted-cookie'),
}

async function overKv(
  store: 'redis' | 'redis:ioredis' | 'memcached',
  by: string,
  places: Places,
): Promise<readonly Pair[]> {
  const kv = await kvOf(store, places, `engines-${store}`)
  const bare: BareClient = {
    by,
    get: (lane) => kv.get(bareIdOf(lane)),
    update: (lane) => kv.set(bareIdOf(lane), nextText()),
  }
  for (let lane = 0; lane < LANES; lane++) await bare.update(lane)
  return enginePairs((await engineOf(store, places, 'engines')) as never, bare)
}

/** The bare clients of SQL databases use the engine's own table, with its indexes. */
const SELECT = 'select data from sessions where id = '
const UPDATE = 'update sessions set data = '

async function postgres(places: Places): Promise<readonly Pair[]> {
  const { postgresPool } = await import('../contenders/stores/postgres.ts')
  const pool = postgresPool(places)
  const update = `${UPDATE}$2, expires_at = $3 where id = $1`
  return enginePairs((await engineOf('postgres', places, 'engines')) as never, {
    by: 'pg',
    get: (lane) => pool.query({ name: 'get', text: `${SELECT}$1`, values: [bareIdOf(lane)] }),
    update: (lane) =>
      pool.query({
        name: 'update',
        text: update,
        values: [bareIdOf(lane), nextText(), deadline()],
      }),
  })
}

async function mysql({ mysql: url = '' }: Places): Promise<readonly Pair[]> {
  const { mysqlEngine } = await import('@sessions/db/mysql')
  const { createPool } = await import('mysql2/promise')
  const pool = createPool(url)
  const engine = mysqlEngine(pool)
  await engine.migrate()
  const update = `${UPDATE}?, expires_at = ? where id = ?`
  return enginePairs(engine, {
    by: 'mysql2',
    get: (lane) => pool.execute(`${SELECT}?`, [bareIdOf(lane)]),
    update: (lane) => pool.execute(update, [nextText(), deadline(), bareIdOf(lane)]),
  })
}

async function sqlite(places: Places): Promise<readonly Pair[]> {
  const { sqliteDatabase } = await import('../contenders/stores/sqlite.ts')
  const { sqliteEngine } = await import('@sessions/db/sqlite')
  const database = sqliteDatabase(places, 'engines')
  const engine = sqliteEngine(database)
  await engine.migrate()
  const get = database.prepare(`${SELECT}?`)
  const update = database.prepare(`${UPDATE}?, expires_at = ? where id = ?`)
  return enginePairs(engine, {
    by: 'better-sqlite3',
    get: (lane) => get.get(bareIdOf(lane)),
    update: (lane) => update.run(nextText(), deadline(), bareIdOf(lane)),
  })
}

async function file(places: Places): Promise<readonly Pair[]> {
  const folder = join(places.folder, 'engines-bare')
  mkdirSync(folder)
  const path = (lane: number): string => join(folder, bareIdOf(lane))
  for (let lane = 0; lane < LANES; lane++) await writeFile(path(lane), nextText())
  return enginePairs((await engineOf('file', places, 'engines')) as never, {
    by: 'node:fs: readFile; writeFile, fsync, rename',
    get: (lane) => readFile(path(lane), 'utf8'),
    async update(lane) {
      await writeFile(`${path(lane)}.tmp`, nextText(), { flush: true })
      await rename(`${path(lane)}.tmp`, path(lane))
    },
  })
}

/** A load that hits the cache, compared with the cache's engine alone. */
async function cachedDb(places: Places): Promise<readonly Pair[]> {
  const { cachedDbEngine } = await import('@sessions/cached-db')
  const cache = (await engineOf('redis', places, 'engines')) as never
  const db = (await engineOf('sqlite', places, 'engines-cached')) as never
  const bare = { by: 'the engine of its cache', get: () => undefined, update: () => undefined }
  const [alone] = await enginePairs(cache, bare)
  const [cached] = await enginePairs(cachedDbEngine({ cache, db }), bare)
  if (alone === undefined || cached === undefined) return []
  return [
    { job: 'load, a hit', by: bare.by, bare: alone.engine, engine: cached.engine, limit: 1.1 },
  ]
}
