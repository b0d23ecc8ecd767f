import {
  checkOptions,
  SessionEngineError,
  type Created,
  type Deleted,
  type LoadedRecord,
  type Saved,
  type SessionEngine,
} from '@sessions/core'
import { connectionLosses } from './connection-losses.ts'
import { markOf } from './mark.ts'
import { redisPort, type RedisClient, type Text } from './redis-client.ts'
import { deleteScript, saveScript, scriptRunner, touchScript } from './scripts.ts'
import { decimal, FOREIGN, lastMoment, padded, recordOf, stored } from './stored.ts'
import { timeLimit } from './time-limit.ts'
import { versions } from './versions.ts'

/** The options of `redisEngine`. */
export interface RedisEngineOptions {
  /**
   * The prefix of the sessions' keys, before the id.
   *
   * @default 'session:'
   */
  readonly keyPrefix?: string | undefined

  /**
   * How many milliseconds a call waits for its reply before it fails, up to an eighth longer. Redis may have executed
   * the command of such a call, or may do so later. `Infinity` waits for ever.
   *
   * @default 5000
   */
  readonly timeout?: number | undefined
}

/** An engine that keeps sessions in Redis, which expires them itself. */
export interface RedisEngine extends SessionEngine {
  readonly name: string
}

/**
 * Keeps sessions in Redis or Valkey, on one server, in a cluster or behind sentinels.
 *
 * @param client A client of node-redis or ioredis. The engine neither connects nor closes it.
 * @throws {InvalidSettingError} when the client is not supported, or an option is unknown or invalid.
 * @example
 * import { createClient } from 'redis'
 *
 * const client = createClient()
 * client.on('error', console.error)
 * await client.connect()
 * app.use(sessions({ engine: redisEngine(client) }))
 */
export function redisEngine(client: RedisClient, options: RedisEngineOptions = {}): RedisEngine {
  checkOptions('redisEngine', options, {
    keyPrefix: 'string',
    timeout: 'milliseconds',
  })
  const { keyPrefix = 'session:', timeout = 5000 } = options
  const port = redisPort(client)
  const within = timeLimit(timeout)
  const run = scriptRunner(port, within)
  const losses = connectionLosses(client)
  const versionOf = versions()
  const keyOf = (id: string): string => keyPrefix + id

  /**
   * Whether a script changed the session. Throws if it did not and the client lost its connection in the meantime: the
   * reply may then be that of a resent command whose first attempt succeeded. Core would take it for another request's
   * change, and apply its own a second time.
   */
  const hasChanged = (reply: Text | null, lossesBefore: number): boolean => {
    const changed = isOne(reply)
    if (!changed && losses() !== lossesBefore) {
      throw new Error(
        'The connection was lost before the reply, so whether Redis executed the command is unknown.',
      )
    }
    return changed
  }

  return {
    name: 'redis',

    load: (id) =>
      within(
        () => port.get(keyOf(id)),
        (value) => loaded(id, value),
      ),

    exists: (id) => within(() => port.exists(keyOf(id)), isOne),

    create(id, { data, expiresAt }) {
      const version = versionOf(id)
      const at = lastMoment(expiresAt)
      const value = stored(version, decimal(at), data)
      return within(
        () => port.set(keyOf(id), value, at, 'NX'),
        (reply): Created => (reply === null ? { status: 'taken' } : { status: 'saved', version }),
      )
    },

    save(id, { data, expiresAt }, known) {
      const version = versionOf(id)
      const at = lastMoment(expiresAt)
      const moment = decimal(at)
      const value = stored(version, moment, data)
      if (known === undefined) {
        return within(
          () => port.set(keyOf(id), value, at, 'XX'),
          (reply): Saved => (reply === null ? { status: 'missing' } : { status: 'saved', version }),
        )
      }
      const before = losses()
      return run(saveScript, keyOf(id), [value, moment, known], (reply): Saved => {
        if (reply === null) return { status: 'missing' }
        return hasChanged(reply, before) ? { status: 'saved', version } : { status: 'conflict' }
      })
    },

    touch(id, { expiresAt }, known) {
      const moment = decimal(lastMoment(expiresAt))
      const args = [padded(moment), moment]
      if (known !== undefined) args.push(known)
      return run(touchScript, keyOf(id), args, touched)
    },

    delete(id, known) {
      if (known === undefined) {
        return within(
          () => port.del(keyOf(id)),
          (reply): Deleted => (isOne(reply) ? 'deleted' : 'missing'),
        )
      }
      const before = losses()
      return run(deleteScript, keyOf(id), [known], (reply): Deleted => {
        if (hasChanged(reply, before)) return 'deleted'
        return reply === null ? 'missing' : 'conflict'
      })
    },
  }
}

function loaded(id: string, value: Text | null): LoadedRecord | undefined {
  if (value === null) return undefined
  const record = recordOf(value.toString())
  if (record.version === FOREIGN || record.version.startsWith(markOf(id))) return record
  throw new SessionEngineError({
    engine: 'redis',
    operation: 'load',
    reason:
      'the client returned the record of another session. If it is node-redis 5, upgrade to version 6 or set its ' +
      'option `disableOfflineQueue: true`',
  })
}

function isOne(count: unknown): boolean {
  return Number(count) === 1
}

function touched(reply: Text | null): Saved {
  if (reply === null) return { status: 'missing' }
  const version = reply.toString()
  return version === '' ? { status: 'conflict' } : { status: 'saved', version }
}
