import { describeEngine } from '@sessions/testing'
import { afterAll, beforeAll, describe } from 'vitest'
import { redisEngine, type RedisClient } from '../src/index.ts'
import type { Connect, Connected } from './clients.ts'
import { freshPrefix } from './services.ts'
import { noting } from '../../../testing/test/support/noting.ts'
import { waitingTime } from '../../../testing/test/support/waiting-time.ts'

/**
 * How precisely the suite checks deadlines, in milliseconds. Redis is exact to one, but the suite cannot stop the
 * server's clock, which runs on while a busy machine gets to the next step of a case.
 */
const GRANULARITY = 100

/** Registers the engine contract for a client. The peer engine has a connection of its own. */
export function describeClient(name: string, connect: Connect, url: () => string): void {
  describe(`by ${name}`, () => {
    let own: Connected
    let other: Connected
    beforeAll(async () => {
      own = await connect(url())
      other = await connect(url())
    })
    afterAll(async () => {
      await own.close()
      await other.close()
    })

    describeEngine('redisEngine', {
      clearExpired: false,
      find: false,
      granularity: GRANULARITY,
      open: () => {
        const keyPrefix = freshPrefix()
        const ids = new Set<string>()
        const engine = noting(ids, redisEngine(own.client, { keyPrefix }))
        return {
          engine,
          peer: noting(ids, redisEngine(other.client, { keyPrefix })),
          time: waitingTime(serverTime(own.client)),
          close: async () => {
            await Promise.all([...ids].map(async (id) => engine.delete(id)))
          },
        }
      },
    })
  })
}

/** The server's clock, read by a script because all clients have `eval` in common. */
function serverTime(client: RedisClient): () => Promise<number> {
  const script = "local t = redis.call('TIME') return t[1] .. string.format('%06d', t[2])"
  return async () => {
    const reply =
      'evalSha' in client
        ? await client.eval(script, { keys: ['time'], arguments: [] })
        : await client.eval(script, 1, 'time')
    return Math.floor(Number(reply) / 1000)
  }
}
