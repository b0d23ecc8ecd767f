import type { Places } from '../contenders/places.ts'
import { bareIdOf, deadline, nextText } from './engine-pairs.ts'
import { LANES, type Pair } from './pair.ts'

/** Sets a key, with a deadline, if its text begins as expected. */
const COMPARE_AND_SET = `
if redis.call('GETRANGE', KEYS[1], 0, 7) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PXAT', ARGV[3])
return 1`

/** What every text begins with; it stands for the version. */
const VERSION = '{"views"'

/** The least that a compare-and-set can cost through node-redis: Redis 7 needs a script for it, having no such command. */
export async function redisFloor(places: Places): Promise<readonly Pair[]> {
  const { nodeRedisKv, nodeRedisWithoutTimeout } = await import('../contenders/stores/redis.ts')
  const client = await nodeRedisWithoutTimeout(places)
  const kv = nodeRedisKv(client)
  for (let lane = 0; lane < LANES; lane++) await kv.set(bareIdOf(lane), nextText())
  const digest = await client.scriptLoad(COMPARE_AND_SET)
  const compareAndSet = async (lane: number): Promise<void> => {
    const args = [VERSION, nextText(), String(deadline())]
    const answer = await client.evalSha(digest, { keys: [bareIdOf(lane)], arguments: args })
    if (answer !== 1) throw new Error('The compare-and-set script found an unexpected version.')
  }
  return [
    {
      job: 'save by the shortest script, no engine',
      by: 'node-redis without its timer',
      bare: (lane) => kv.set(bareIdOf(lane), nextText()),
      engine: compareAndSet,
      limit: 1.4,
    },
  ]
}
