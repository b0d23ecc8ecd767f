import type { SessionEngine } from '@sessions/core'
import { describeEngine, type StoreTime } from '@sessions/testing'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe } from 'vitest'
import { redisEngine, type RedisClient } from '../src/index.ts'
import type { Connect, Connected } from './clients.ts'
import { freshPrefix } from './services.ts'

/**
 * How exactly the suite looks at the deadlines, in milliseconds. They are exact to one; but the time is the server's own,
 * which runs on while a busy machine gets round to a case.
 */
const GRANULARITY = 100

/** Registers the contract for a client; the second engine has a connection of its own. */
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
          time: storeTime(own.client),
          close: async () => {
            await Promise.all([...ids].map(async (id) => engine.delete(id)))
          },
        }
      },
    })
  })
}

/** The same engine; the ids that it creates are noted, so that they can be deleted from a server that is kept. */
function noting(ids: Set<string>, engine: SessionEngine): SessionEngine {
  return {
    ...engine,
    create(id, record) {
      ids.add(id)
      return engine.create(id, record)
    },
  }
}

/** The server's own time; in a script, because that is the one way to ask every client. */
function storeTime(client: RedisClient): StoreTime {
  const script = "local t = redis.call('TIME') return t[1] .. string.format('%06d', t[2])"
  const now = async (): Promise<number> => {
    const reply =
      'evalSha' in client
        ? await client.eval(script, { keys: ['time'], arguments: [] })
        : await client.eval(script, 1, 'time')
    return Math.floor(Number(reply) / 1000)
  }
  return {
    now,
    async advance(milliseconds) {
      const target = (await now()) + milliseconds
      for (let left = milliseconds; left > 0; left = target - (await now())) await wait(left)
    },
  }
}
