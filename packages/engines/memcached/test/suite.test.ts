import { describeEngine } from '@sessions/testing'
import { afterAll, beforeAll, describe, vi } from 'vitest'
import { memcachedClient, memcachedEngine, type ConnectedClient } from '../src/index.ts'
import { freshPrefix, services } from './services.ts'
import { noting } from '../../../testing/test/support/noting.ts'
import { waitingTime } from '../../../testing/test/support/waiting-time.ts'

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
        // The servers have clocks of their own, which cannot be set.
        time: waitingTime(),
        close: async () => {
          await Promise.all([...ids].map(async (id) => engine.delete(id)))
        },
      }
    },
  })
})
