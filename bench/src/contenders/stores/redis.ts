import { Redis } from 'ioredis'
import { createClient } from 'redis'
import type { Places } from '../places.ts'
import { AGE, type Kv } from './kv.ts'

/** A node-redis client with default settings, which creates an AbortSignal for each command. */
export async function nodeRedis({ redis }: Places) {
  const client = createClient({ url: redis })
  await client.connect()
  return client
}

/** A node-redis client without a command timeout. */
export async function nodeRedisWithoutTimeout({ redis }: Places) {
  // The documentation says to pass undefined, but the types forbid it.
  const commandOptions = { timeout: undefined } as object
  const client = createClient({ url: redis, commandOptions })
  await client.connect()
  return client as unknown as Awaited<ReturnType<typeof nodeRedis>>
}

/** A node-redis client. */
export type NodeRedis = Awaited<ReturnType<typeof nodeRedis>>

/** An ioredis client. */
export const ioredis = ({ redis }: Places): Redis => new Redis(redis)

/** Plain Redis commands through node-redis. */
export const nodeRedisKv = (client: NodeRedis): Kv => ({
  get: async (key) => (await client.get(key)) ?? undefined,
  set: (key, text) => client.set(key, text, { expiration: { type: 'EX', value: AGE } }),
  delete: (key) => client.del(key),
})

/** Plain Redis commands through ioredis. */
export const ioredisKv = (client: Redis): Kv => ({
  get: async (key) => (await client.get(key)) ?? undefined,
  set: (key, text) => client.set(key, text, 'EX', AGE),
  delete: (key) => client.del(key),
})
