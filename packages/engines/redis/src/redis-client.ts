import { hasMethods, InvalidSettingError } from '@sessions/core'
import type { Listenable } from './connection-losses.ts'
import { oneWrite, type Corkable } from './one-write.ts'

/** The options of a `SET` of node-redis. */
export interface RedisSet {
  readonly expiration: { readonly type: 'PXAT'; readonly value: number }
  readonly condition: 'NX' | 'XX'
}

/** The part of node-redis 5 and 6 that the engine uses: of a client, a pool, a cluster or a sentinel. */
export interface NodeRedis extends Listenable {
  get(key: string): Promise<unknown>
  exists(key: string): Promise<unknown>
  set(key: string, value: string, options: RedisSet): Promise<unknown>
  del(key: string): Promise<unknown>
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
  evalSha(digest: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
  withCommandOptions(options: object): unknown
}

/** The part of ioredis 5 and 6 that the engine uses: of a `Redis` or a `Cluster`. */
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
 * What sessions can be kept by: a client, pool, cluster or sentinel of node-redis, or a `Redis` or `Cluster` of
 * ioredis. The types are stated here so that neither is a dependency.
 */
export type RedisClient = NodeRedis | Ioredis

/** Text, or bytes if the application has asked its client for these. */
export interface Text {
  toString(): string
}

/** A text, or nothing: GET and the engine's scripts have no other answers. */
type Reply = Promise<Text | null>

/** All that the engine asks of a client. Each call is one request on one key. */
export interface RedisPort {
  readonly get: (key: string) => Reply
  readonly exists: (key: string) => Promise<unknown>
  /** Stores a value that Redis drops after the millisecond `at`, if there is none (`NX`) or one already (`XX`). */
  readonly set: (key: string, value: string, at: number, condition: 'NX' | 'XX') => Promise<unknown>
  readonly del: (key: string) => Promise<unknown>
  readonly eval: (script: string, key: string, args: string[]) => Reply
  readonly evalSha: (digest: string, key: string, args: string[]) => Reply
}

/**
 * The port of any supported client.
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
  // Version 6 would make an AbortSignal for each command, which costs more than all the rest; the engine has its own
  // timeout. No other option is set here: options that the client was not given cost it 2 microseconds per command.
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
  // ioredis writes each command by itself, and the system call costs more than all the rest. A pipeline would not do:
  // if the connection is lost, the rest of a pipeline is not sent again.
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
