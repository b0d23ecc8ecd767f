import type { SessionEngine } from '@sessions/core'
import { describeEngine, type StoreTime } from '@sessions/testing'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, vi } from 'vitest'
import { memcachedClient, memcachedEngine, type ConnectedClient } from '../src/index.ts'
import { freshPrefix, services } from './services.ts'

// Some cases wait until memcached drops expired items. They run concurrently, so that they wait at the same time.
vi.setConfig({ maxConcurrency: 100 })

describe.concurrent('two servers', () => {
  let own: ConnectedClient
  let other: ConnectedClient
  beforeAll(() => {
    own = memcachedClient(services())
    other = memcachedClient(services())
  })
  afterAll(() => {
    own.close()
    other.close()
  })

  describeEngine('memcachedEngine', {
    clearExpired: false,
    find: false,
    // The engine is exact to the millisecond, but this process's clock runs on while a busy machine gets to the next step.
    granularity: 100,
    longestId: 250 - freshPrefix().length,
    largestPayload: 1_000_000,
    open: () => {
      const keyPrefix = freshPrefix()
      const ids = new Set<string>()
      const engine = noting(ids, memcachedEngine(own, { keyPrefix }))
      return {
        engine,
        peer: noting(ids, memcachedEngine(other, { keyPrefix })),
        time,
        close: async () => {
          await Promise.all([...ids].map(async (id) => engine.delete(id)))
        },
      }
    },
  })
})

/**
 * The same engine, which also notes the ids that it creates, so that they can be deleted: the servers may outlive the
 * run.
 */
function noting(ids: Set<string>, engine: SessionEngine): SessionEngine {
  return {
    ...engine,
    create(id, record) {
      ids.add(id)
      return engine.create(id, record)
    },
  }
}

/** The clock of this process. The servers have clocks of their own, which cannot be set. */
const time: StoreTime = {
  now: () => Date.now(),
  async advance(milliseconds) {
    const due = Date.now() + milliseconds
    for (let left = milliseconds; left > 0; left = due - Date.now()) await wait(left)
  },
}
