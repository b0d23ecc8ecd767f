import {
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
import type { Condition, MemcachedClient } from './port.ts'
import { readVersion, recordOf, stored, versionOf } from './stored.ts'

/** What `memcachedEngine` takes. */
export interface MemcachedEngineOptions {
  /**
   * What the keys of sessions begin with, before the id: at most 186 characters of printable ASCII.
   *
   * @default 'session:'
   */
  readonly keyPrefix?: string | undefined

  /**
   * How many milliseconds a call waits for the answer before it fails, the opening of a connection included. Whether a call
   * that failed so was carried out, or will be, nobody knows. `Infinity` waits for ever.
   *
   * @default 5000
   */
  readonly timeout?: number | undefined
}

/** Sessions in memcached, which drops them by itself. */
export interface MemcachedEngine extends SessionEngine {
  readonly name: string
}

const NAME = 'memcached'

/** How often a create makes room for itself, where what has expired is in its place. */
const MOST_TRIES = 3

/** What came of storing a session. */
type Answer = Extract<Saved, { status: 'saved' }> | 'exists' | 'missing'

/**
 * Keeps sessions in memcached, on one server or several.
 *
 * @param client What `memcachedClient(servers)` answers. The engine does not close it.
 * @throws {InvalidSettingError} when the client is none, the prefix cannot begin a key, or the timeout is no time.
 * @example
 * const client = memcachedClient('localhost:11211')
 * app.use(sessions({ engine: memcachedEngine(client) }))
 */
export function memcachedEngine(
  client: MemcachedClient,
  options: MemcachedEngineOptions = {},
): MemcachedEngine {
  const { keyPrefix = 'session:', timeout = 5000 } = options
  if (!isClient(client)) {
    throw new InvalidSettingError('client', 'must be what `memcachedClient(servers)` answers.')
  }
  if (!(timeout > 0)) {
    throw new InvalidSettingError(
      'timeout',
      'must be a positive number of milliseconds; Infinity waits for ever.',
    )
  }
  const keyOf = keysWith(keyPrefix)

  /** What is live by its own deadline. */
  const load = async (id: string): Promise<LoadedRecord | undefined> => {
    const item = await client.metaGet(keyOf(id), timeout)
    if (item === undefined) return undefined
    const record = recordOf(item)
    return record.expiresAt > platform.now() ? record : undefined
  }

  const store = async (
    operation: string,
    id: string,
    record: SessionRecord,
    condition: Condition,
  ): Promise<Answer> => {
    const value = stored(record, platform.now())
    const answer = await client.metaSet(keyOf(id), value, condition, timeout)
    if (answer.status === 'too large') throw tooLarge(operation, answer.limit)
    if (answer.status !== 'stored') return answer.status
    return { status: 'saved', version: versionOf(record, answer.cas) }
  }

  const update = async (
    operation: string,
    id: string,
    record: SessionRecord,
    version: string | undefined,
  ): Promise<Saved> => {
    const known = version === undefined ? undefined : readVersion(version)
    if (known !== undefined && known.expiresAt <= platform.now()) {
      // Memcached may have it for a second yet, and would bring it back.
      const removed = await client.metaDelete(keyOf(id), known.cas, timeout)
      return { status: removed === 'exists' ? 'conflict' : 'missing' }
    }
    const answer = await store(operation, id, record, known ?? 'replace')
    if (answer === 'missing') return { status: 'missing' }
    return answer === 'exists' ? { status: 'conflict' } : answer
  }

  return {
    name: NAME,

    load,

    exists: async (id) => (await load(id)) !== undefined,

    async create(id, record) {
      for (let tries = 0; tries < MOST_TRIES; tries += 1) {
        const answer = await store('create', id, record, 'add')
        if (typeof answer !== 'string') return answer
        // What has expired is as good as none, though memcached may have it for a second yet.
        const item = await client.metaGet(keyOf(id), timeout)
        if (item === undefined) continue
        if (recordOf(item).expiresAt > platform.now()) break
        await client.metaDelete(keyOf(id), item.cas, timeout)
      }
      return { status: 'taken' }
    },

    save: async (id, record, version) => update('save', id, record, version),

    // Memcached's own touch would leave the deadline in the item as it is, and that one decides.
    touch: async (id, record, version) => update('touch', id, record, version),

    async delete(id, version): Promise<Deleted> {
      const known = version === undefined ? undefined : readVersion(version)
      const removed = await client.metaDelete(keyOf(id), known?.cas, timeout)
      if (removed === 'exists') return 'conflict'
      const expired = known !== undefined && known.expiresAt <= platform.now()
      return expired ? 'missing' : removed
    },
  }
}

function tooLarge(operation: string, limit: number): SessionEngineError {
  const reason =
    `the server takes items of ${limit} bytes at most, and the session would be larger; ` +
    'keep less in it, or start memcached with a larger -I'
  return new SessionEngineError({ engine: NAME, operation, reason })
}

function isClient(client: unknown): client is MemcachedClient {
  return ['metaGet', 'metaSet', 'metaDelete'].every(
    (method) =>
      typeof client === 'object' &&
      client !== null &&
      typeof Reflect.get(client, method) === 'function',
  )
}
