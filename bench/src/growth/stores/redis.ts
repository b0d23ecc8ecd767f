import { redisEngine } from '@sessions/redis'
import { createClient } from 'redis'
import { DAY, idOf, text, type Store, type StoreOptions } from './store.ts'

/** Sessions of one script call. */
const BATCH = 1000

/** Copies a session to other ids, in the server. */
const COPY = `
local value = redis.call('GET', KEYS[1])
for _, key in ipairs(ARGV) do redis.call('SET', key, value, 'PX', ${DAY}) end
`

/** Sessions in Redis, by node-redis. They expire there by themselves. */
export async function openRedis({ place, name }: StoreOptions): Promise<Store> {
  const commandOptions = { timeout: undefined } as object
  const client = createClient({ url: place, commandOptions })
  await client.connect()
  const redisKeyOf = (number: number): string => `${name}:${idOf(number)}`
  const engine = redisEngine(client, { keyPrefix: `${name}:` })
  return {
    engine,
    async fill(from, to) {
      await engine.create(idOf(from), { data: text, expiresAt: Date.now() + DAY })
      for (let at = from + 1; at < to; at += BATCH) {
        const count = Math.min(BATCH, to - at)
        const keys = Array.from({ length: count }, (_, index) => redisKeyOf(at + index))
        await client.eval(COPY, { keys: [redisKeyOf(from)], arguments: keys })
      }
    },
    close: () => client.destroy(),
  }
}
