import { hasMethods, InvalidSettingError } from '@sessions/core'
import type { Listenable } from './connection-losses.ts'
import { oneWrite, type Corkable } from './one-write.ts'

/** The options that the engine passes to node-redis's `set`. */
export interface RedisSet {
  readonly expiration: { readonly type: 'PXAT'; readonly value: number }
  readonly condition: 'NX' | 'XX'
}

/** The methods that the engine uses of a client, pool, cluster or sentinel of node-redis 5 and 6. */
export interface NodeRedis extends Listenable {
  get(key: string): Promise<unknown>
  exists(key: string): Promise<unknown>
  set(key: string, value: string, options: RedisSet): Promise<unknown>
  del(key: string): Promise<unknown>
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
  evalSha(digest: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
  withCommandOptions(options: object): unknown
}

/** The members that the engine uses of a `Redis` or `Cluster` of ioredis 5 and 6. */
export interface Ioredis extends Listenable {
  /** A `Redis` has one from its first connection on, a `Cluster` never. */
  readonly stream?: Corkable | null | undefined
  get(key: string): Promise<unknown>
  exists(key: string): Promise<unknown>
  set(key: string, value: string, unit: 'PXAT', at: number, condition: 'NX'): Promise<unknown>
  set(key: string, value: string, unit: 'PXAT', at: number, condition: 'XX'): Promise<unknown>
  del(key: string): Promise<unknown>
  eval(script: string, keys: number, ...keyAndArguments: string[]): Promise<unknown>
  evalsha(digest: string, keys: number, ...keyAndArguments: string[]): Promise<unknown>
}

/**
 * A supported client: a client, pool, cluster or sentinel of node-redis, or a `Redis` or `Cluster` of ioredis. Declared
 * structurally, so that neither package is a dependency.
 */
export type RedisClient = NodeRedis | Ioredis

/** A string, or a Buffer if the application has configured its client to return those. */
export interface Text {
  toString(): string
}

/** The reply of GET or of one of the engine's scripts; null if there is no session. */
type Reply = Promise<Text | null>

/** The commands that the engine needs. Each is one round trip and concerns one key. */
export interface RedisPort {
  readonly get: (key: string) => Reply
  readonly exists: (key: string) => Promise<unknown>
  /** Stores a value that expires after the millisecond `at`, but only if the key is absent (`NX`) or present (`XX`). */
  readonly set: (key: string, value: string, at: number, condition: 'NX' | 'XX') => Promise<unknown>
  readonly del: (key: string) => Promise<unknown>
  readonly eval: (script: string, key: string, args: string[]) => Reply
  readonly evalSha: (digest: string, key: string, args: string[]) => Reply
}

/**
 * Adapts any supported client.
 *
 * @throws {InvalidSettingError} when the client is not supported.
 */
export function redisPort(client: RedisClient): RedisPort {
  if (isNodeRedis(client)) return nodeRedisPort(client)
  if (isIoredis(client)) return ioredisPort(client)
  throw new InvalidSettingError(
    'client',
    'must be a client of node-redis 5 or later (`createClient()`), or one of ioredis 5 or later (`new Redis()`).',
  )
}

function nodeRedisPort(client: NodeRedis): RedisPort {
  // Version 6 would create an AbortSignal for each command, which costs more than all the rest; the engine has its own
  // timeout. No other option is set here: those that the client was not created with cost 2 microseconds per command.
  const own = client.withCommandOptions({ timeout: undefined }) as NodeRedis
  return {
    get: (key) => own.get(key) as Reply,
    exists: (key) => own.exists(key),
    set: (key, value, at, condition) =>
      own.set(key, value, { expiration: { type: 'PXAT', value: at }, condition }),
    del: (key) => own.del(key),
    eval: (script, key, args) => own.eval(script, { keys: [key], arguments: args }) as Reply,
    evalSha: (digest, key, args) => own.evalSha(digest, { keys: [key], arguments: args }) as Reply,
  }
}

function ioredisPort(client: Ioredis): RedisPort {
  // ioredis writes each command separately, and the system call costs more than all the rest. A pipeline is no
  // alternative: if the connection is lost, ioredis does not resend the rest of it.
  const hold = oneWrite(() => client.stream)
  const own = (): Ioredis => {
    hold()
    return client
  }
  return {
    get: (key) => own().get(key) as Reply,
    exists: (key) => own().exists(key),
    set: (key, value, at, condition) =>
      condition === 'NX'
        ? own().set(key, value, 'PXAT', at, 'NX')
        : own().set(key, value, 'PXAT', at, 'XX'),
    del: (key) => own().del(key),
    eval: (script, key, args) => own().eval(script, 1, key, ...args) as Reply,
    evalSha: (digest, key, args) => own().evalsha(digest, 1, key, ...args) as Reply,
  }
}

function isNodeRedis(client: RedisClient): client is NodeRedis {
  return hasMethods(client, 'withCommandOptions', 'evalSha')
}

function isIoredis(client: RedisClient): client is Ioredis {
  return hasMethods(client, 'evalsha')
}
