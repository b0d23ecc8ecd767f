import { redisEngine } from '@sessions/redis'
import { createClient } from 'redis'
import { DAY, idOf, text, type Store, type StoreOptions } from './store.ts'

/** The number of sessions that are stored at once. */
const BATCH = 1000

/** Sessions in Redis, through node-redis. None are expired, as Redis would remove those itself. */
export async function openRedis({ place, name }: StoreOptions): Promise<Store> {
  const commandOptions = { timeout: undefined } as object
  const client = createClient({ url: place, commandOptions })
  await client.connect()
  const engine = redisEngine(client, { keyPrefix: `${name}:` })
  return {
    engine,
    async fill(from, to) {
      for (let at = from; at < to; at += BATCH) {
        const count = Math.min(BATCH, to - at)
        const record = { data: text, expiresAt: Date.now() + DAY }
        await Promise.all(
          Array.from({ length: count }, async (_, index) =>
            engine.create(idOf(at + index), record),
          ),
        )
      }
    },
    close: () => client.destroy(),
  }
}
