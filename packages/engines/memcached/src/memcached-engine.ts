import {
  checkOptions,
  hasMethods,
  InvalidSettingError,
  SessionEngineError,
  type Deleted,
  type LoadedRecord,
  type Saved,
  type SessionEngine,
  type SessionRecord,
} from '@sessions/core'
import { platform } from '@sessions/core/platform'
import { keysWith } from './keys.ts'
import type { MemcachedClient } from './port.ts'
import { exptimeOf, headOf, readVersion, recordOf } from './stored.ts'

/** The options of `memcachedEngine`. */
export interface MemcachedEngineOptions {
  /**
   * The prefix of the sessions' keys, before the id: at most 186 characters of printable ASCII.
   *
   * @default 'session:'
   */
  readonly keyPrefix?: string | undefined

  /**
   * How many milliseconds a call waits for its reply before it fails, including the time to connect. Memcached may have
   * executed the command of such a call, or may do so later. `Infinity` waits for ever.
   *
   * @default 5000
   */
  readonly timeout?: number | undefined
}

/** An engine that keeps sessions in memcached, which expires them itself. */
export interface MemcachedEngine extends SessionEngine {
  readonly name: string
}

const NAME = 'memcached'

/** How many attempts `create` makes, deleting an expired item after each. */
const MOST_TRIES = 3

/**
 * Keeps sessions in memcached, on one server or several.
 *
 * @param client A client that `memcachedClient(servers)` returned. The engine does not close it.
 * @throws {InvalidSettingError} when the client is not supported, or an option is unknown or invalid.
 * @example
 * const client = memcachedClient('localhost:11211')
 * app.use(sessions({ engine: memcachedEngine(client) }))
 */
export function memcachedEngine(
  client: MemcachedClient,
  options: MemcachedEngineOptions = {},
): MemcachedEngine {
  checkOptions('memcachedEngine', options, {
    keyPrefix: 'string',
    timeout: 'milliseconds',
  })
  const { keyPrefix = 'session:', timeout = 5000 } = options
  if (!hasMethods(client, 'metaGet', 'metaSet', 'metaDelete')) {
    throw new InvalidSettingError(
      'client',
      'must be a client, as `memcachedClient(servers)` returns.',
    )
  }
  const keyOf = keysWith(keyPrefix)

  /** Loads a record, if it is live by the deadline in the item. */
  const load = async (id: string): Promise<LoadedRecord | undefined> => {
    const item = await client.metaGet(keyOf(id), timeout)
    if (item === undefined) return undefined
    const record = recordOf(item)
    return record.expiresAt > platform.now() ? record : undefined
  }

  /** What to answer if a version is not the stored one. Memcached may hold an expired item for another second. */
  const refusal = async (id: string): Promise<'conflict' | 'missing'> =>
    (await load(id)) ? 'conflict' : 'missing'

  const update = async (
    operation: string,
    id: string,
    record: SessionRecord,
    version: string | undefined,
  ): Promise<Saved> => {
    const now = platform.now()
    const known = version === undefined ? undefined : readVersion(version)
    if (known !== undefined && known.expiresAt <= now) return { status: await refusal(id) }
    const head = headOf(record.expiresAt)
    const value = { value: head + record.data, exptime: exptimeOf(record.expiresAt, now) }
    const answer = await client.metaSet(keyOf(id), value, known ?? 'replace', timeout)
    switch (answer.status) {
      case 'stored':
        return { status: 'saved', version: head + answer.cas }
      case 'exists':
        return { status: await refusal(id) }
      case 'missing':
        return { status: 'missing' }
      case 'too large':
        throw tooLarge(operation, answer.limit)
    }
  }

  return {
    name: NAME,

    load,

    exists: async (id) => (await load(id)) !== undefined,

    async create(id, record) {
      const key = keyOf(id)
      const head = headOf(record.expiresAt)
      for (let tries = 0; tries < MOST_TRIES; tries += 1) {
        const now = platform.now()
        const value = { value: head + record.data, exptime: exptimeOf(record.expiresAt, now) }
        const answer = await client.metaSet(key, value, 'add', timeout)
        if (answer.status === 'stored') {
          return { status: 'saved', version: head + answer.cas }
        }
        if (answer.status === 'too large') throw tooLarge('create', answer.limit)
        // Memcached may hold an expired item for another second: it counts as absent.
        const item = await client.metaGet(key, timeout)
        if (item === undefined) continue
        if (recordOf(item).expiresAt > now) break
        await client.metaDelete(key, item.cas, timeout)
      }
      return { status: 'taken' }
    },

    async save(id, record, version) {
      // Memcached would replace an expired item, too.
      if (version === undefined && !(await load(id))) return { status: 'missing' }
      return update('save', id, record, version)
    },

    // Memcached's own touch would not change the deadline in the item, which decides.
    async touch(id, record, version) {
      if (version !== undefined) return update('touch', id, record, version)
      // Without a version, the caller's data may be older than what is stored.
      for (;;) {
        const stored = await load(id)
        if (stored === undefined) return { status: 'missing' }
        const { expiresAt } = record
        const touched = await update('touch', id, { ...stored, expiresAt }, stored.version)
        // Repeats only if another request has written in between.
        if (touched.status !== 'conflict') return touched
      }
    },

    async delete(id, version): Promise<Deleted> {
      const known = version === undefined ? undefined : readVersion(version)
      if (known === undefined && !(await load(id))) return 'missing'
      if (known !== undefined && known.expiresAt <= platform.now()) return refusal(id)
      const removed = await client.metaDelete(keyOf(id), known?.cas, timeout)
      return removed === 'exists' ? refusal(id) : removed
    },
  }
}

function tooLarge(operation: string, limit: number): SessionEngineError {
  const reason =
    `the server takes items of ${limit} bytes at most, and the session would be larger; ` +
    'keep less in it, or start memcached with a larger -I'
  return new SessionEngineError({ engine: NAME, operation, reason })
}
