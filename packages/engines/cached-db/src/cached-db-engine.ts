import {
  checkOptions,
  hasMethods,
  InvalidSettingError,
  type Clock,
  type Created,
  type MaybePromise,
  type Saved,
  type SessionEngine,
  type SessionError,
  type SessionRecord,
} from '@sessions/core'
import { copiesIn } from './copies.ts'
import { isLease, rowIn, type Row } from './entry.ts'
import { frailCache, UNAVAILABLE } from './frail-cache.ts'
import { readingsOf } from './readings.ts'

/** The options of `cachedDbEngine`. */
export interface CachedDbEngineOptions {
  /** Holds copies of the sessions: an engine over a store that all processes share, such as `redisEngine(client)`. */
  readonly cache: SessionEngine

  /** Holds the sessions, and is authoritative: an engine such as `postgresEngine(pool)`. */
  readonly db: SessionEngine

  /**
   * For how many seconds a copy is used before the database is asked again.
   *
   * @default 60
   */
  readonly maxStale?: number | undefined

  /**
   * Called when the cache fails, once for each outage: the requests continue without it. The error's `cause` is the
   * cache's own error. An error of this function is ignored.
   */
  readonly onCacheError?: ((error: SessionError) => unknown) | undefined

  /**
   * The time in epoch milliseconds, for tests.
   *
   * @default the machine's clock
   */
  readonly clock?: Clock | undefined
}

/** An engine that keeps sessions in a database, with copies in a cache. */
export interface CachedDbEngine extends SessionEngine {
  readonly name: string
}

/**
 * Keeps sessions in a database, and copies of those in use in a cache that is asked first. The database decides what a
 * session holds, and whether it exists; the cache may fail or lose entries at any time.
 *
 * @throws {InvalidSettingError} when `cache` and `db` are not two engines, or an option is unknown or invalid.
 * @example
 * const engine = cachedDbEngine({
 *   cache: redisEngine(client, { keyPrefix: 'session-copy:', timeout: 500 }),
 *   db: postgresEngine(pool),
 *   onCacheError: (error) => console.error(error),
 * })
 */
export function cachedDbEngine(options: CachedDbEngineOptions): CachedDbEngine {
  check(options)
  const { db, maxStale = 60, onCacheError = nothing, clock = { now: () => Date.now() } } = options
  const lifetime = maxStale * 1000
  const cache = frailCache(options.cache, { clock, lifetime, onCacheError })
  const copies = copiesIn(cache, clock, lifetime)
  const readings = readingsOf(db, copies, clock)

  /** Writes to the database while the cache holds a lease; afterwards the cache holds the new row, or nothing. */
  const write = async <Answer>(
    id: string,
    held: string | undefined,
    call: () => MaybePromise<Answer>,
    rowLeft: (answer: Answer) => Row | undefined,
  ): Promise<Answer> => {
    const asked = clock.now()
    let copied = false
    try {
      const answer = await call()
      const row = rowLeft(answer)
      copied = held !== undefined && row !== undefined && (await copies.put(id, held, row, asked))
      return answer
    } finally {
      if (!copied) await cache.drop(id)
    }
  }

  return {
    name: 'cached-db',

    load(id) {
      const begun = readings.count()
      return cache.load<Row | undefined>(id, (entry) => {
        if (entry === UNAVAILABLE) return readings.read({ id, begun, copy: false })
        if (entry === undefined) return readings.read({ id, begun, copy: true })
        const row = rowIn(entry)
        return row ?? readings.read({ id, begun, seen: entry.version, copy: !isLease(entry) })
      })
    },

    exists: (id) =>
      cache.load(id, (entry) => {
        const isCopied = entry !== UNAVAILABLE && entry !== undefined && rowIn(entry) !== undefined
        return isCopied || db.exists(id)
      }),

    async create(id, record) {
      return write(id, await copies.take(id), () => db.create(id, record), rowOf(record))
    },

    async save(id, record, version) {
      return write(id, await copies.seize(id), () => db.save(id, record, version), rowOf(record))
    },

    async touch(id, record, version) {
      // Without a version, the stored data may differ from the caller's.
      const row = version === undefined ? nothing : rowOf(record)
      return write(id, await copies.seize(id), () => db.touch(id, record, version), row)
    },

    async delete(id, version) {
      return write(id, await copies.seize(id), () => db.delete(id, version), nothing)
    },

    ...(db.clearExpired && { clearExpired: db.clearExpired.bind(db) }),
    ...(db.find && { find: db.find.bind(db) }),
  }
}

/** The row that a successful write leaves. */
function rowOf(record: SessionRecord): (answer: Created | Saved) => Row | undefined {
  return (answer) =>
    answer.status === 'saved' ? { ...record, version: answer.version } : undefined
}

function nothing(): undefined {}

function check(options: CachedDbEngineOptions): void {
  checkOptions('cachedDbEngine', options, {
    cache: 'checked elsewhere',
    db: 'checked elsewhere',
    maxStale: 'checked elsewhere',
    onCacheError: 'function',
    clock: 'clock',
  })
  const { cache, db, maxStale = 60 } = options
  if (!isEngine(db)) {
    throw new InvalidSettingError('db', 'must be a session engine, such as `postgresEngine(pool)`.')
  }
  if (!isEngine(cache) || cache === db) {
    throw new InvalidSettingError(
      'cache',
      'must be a session engine other than `db`, such as `redisEngine(client)`.',
    )
  }
  if (!(Number.isFinite(maxStale) && maxStale > 0)) {
    throw new InvalidSettingError('maxStale', 'must be a positive number of seconds.')
  }
}

/** A cookie engine has none of these. */
function isEngine(engine: unknown): boolean {
  return hasMethods(engine, 'load', 'exists', 'create', 'save', 'touch', 'delete')
}
