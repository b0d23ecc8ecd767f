import { Redis } from 'ioredis'
import { createClient } from 'redis'
import type { Places } from '../places.ts'
import { AGE, type Kv } from './kv.ts'

/** A client of node-redis as it comes, which makes an AbortSignal for each command. */
export async function nodeRedis({ redis }: Places) {
  const client = createClient({ url: redis })
  await client.connect()
  return client
}

/** A client of node-redis that leaves waiting to whoever waits. */
export async function nodeRedisWithoutTimeout({ redis }: Places) {
  // Its types forbid what its documentation says.
  const commandOptions = { timeout: undefined } as object
  const client = createClient({ url: redis, commandOptions })
  await client.connect()
  return client as unknown as Awaited<ReturnType<typeof nodeRedis>>
}

/** A client of node-redis. */
export type NodeRedis = Awaited<ReturnType<typeof nodeRedis>>

/** A client of ioredis. */
export const ioredis = ({ redis }: Places): Redis => new Redis(redis)

/** The commands of node-redis. */
export const nodeRedisKv = (client: NodeRedis): Kv => ({
  get: async (key) => (await client.get(key)) ?? undefined,
  set: (key, text) => client.set(key, text, { expiration: { type: 'EX', value: AGE } }),
  delete: (key) => client.del(key),
})

/** The commands of ioredis. */
export const ioredisKv = (client: Redis): Kv => ({
  get: async (key) => (await client.get(key)) ?? undefined,
  set: (key, text) => client.set(key, text, 'EX', AGE),
  delete: (key) => client.del(key),
})
