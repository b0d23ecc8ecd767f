import {
  InvalidSettingError,
  type Created,
  type Deleted,
  type LoadedRecord,
  type Saved,
  type SessionEngine,
} from '@sessions/core'
import { patience } from './patience.ts'
import { redisPort, type RedisClient, type Text } from './redis-client.ts'
import { deleteScript, runScript, saveScript, touchScript } from './scripts.ts'
import { deadline, lastMoment, recordOf, stored } from './stored.ts'
import { versions } from './versions.ts'

/** What `redisEngine` takes. */
export interface RedisEngineOptions {
  /**
   * What the keys of sessions begin with, before the id.
   *
   * @default 'session:'
   */
  readonly keyPrefix?: string | undefined

  /**
   * How many milliseconds a call waits for the answer, and at most an eighth longer, before it fails. Whether a call that
   * failed so was carried out, or will be, nobody knows. `Infinity` waits for ever.
   *
   * @default 5000
   */
  readonly timeout?: number | undefined
}

/** Sessions in Redis, which drops them by itself. */
export interface RedisEngine extends SessionEngine {
  readonly name: string
}

/**
 * Keeps sessions in Redis or Valkey, on one server, in a cluster or behind sentinels.
 *
 * @param client A client of node-redis or ioredis. The engine neither connects nor closes it.
 * @throws {InvalidSettingError} when the client is none, the prefix no text, or the timeout no time.
 * @example
 * import { createClient } from 'redis'
 *
 * const client = createClient()
 * client.on('error', console.error)
 * await client.connect()
 * app.use(sessions({ engine: redisEngine(client) }))
 */
export function redisEngine(client: RedisClient, options: RedisEngineOptions = {}): RedisEngine {
  const { keyPrefix = 'session:', timeout } = options
  if (typeof keyPrefix !== 'string') throw new InvalidSettingError('keyPrefix', 'must be a text.')
  const port = redisPort(client)
  const within = patience(timeout)
  const versionOf = versions()
  const keyOf = (id: string): string => keyPrefix + id

  return {
    name: 'redis',

    load: (id) => within(() => port.get(keyOf(id)), loaded),

    exists: (id) => within(() => port.exists(keyOf(id)), isOne),

    create(id, record) {
      const version = versionOf()
      const value = stored(version, record)
      return within(
        () => port.set(keyOf(id), value, lastMoment(record.expiresAt), 'NX'),
        (reply): Created => (reply === null ? { status: 'taken' } : { status: 'saved', version }),
      )
    },

    save(id, record, known) {
      const version = versionOf()
      const value = stored(version, record)
      const at = lastMoment(record.expiresAt)
      if (known !== undefined) {
        const args = [value, String(at), known]
        return within(() => runScript(port, saveScript, keyOf(id), args), saved)
      }
      return within(
        () => port.set(keyOf(id), value, at, 'XX'),
        (reply): Saved => (reply === null ? { status: 'missing' } : { status: 'saved', version }),
      )
    },

    touch(id, { expiresAt }, known) {
      const args = [deadline(expiresAt), String(lastMoment(expiresAt))]
      if (known !== undefined) args.push(known)
      return within(() => runScript(port, touchScript, keyOf(id), args), saved)
    },

    delete(id, known) {
      if (known === undefined) {
        return within(
          () => port.del(keyOf(id)),
          (reply): Deleted => (isOne(reply) ? 'deleted' : 'missing'),
        )
      }
      return within(
        () => runScript(port, deleteScript, keyOf(id), [known]),
        (reply): Deleted => {
          const { status } = saved(reply)
          return status === 'saved' ? 'deleted' : status
        },
      )
    },
  }
}

function loaded(value: Text | null): LoadedRecord | undefined {
  return value === null ? undefined : recordOf(value.toString())
}

function isOne(count: unknown): boolean {
  return Number(count) === 1
}

/** What a script answers. */
function saved(reply: Text | null): Saved {
  if (reply === null) return { status: 'missing' }
  const version = reply.toString()
  return version === '' ? { status: 'conflict' } : { status: 'saved', version }
}
