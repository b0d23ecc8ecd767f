import { memcachedClient, memcachedEngine, type ConnectedClient } from '@sessions/memcached'
import { describeEngine } from '@sessions/testing'
import { afterAll, beforeAll, describe, inject } from 'vitest'
import { randomBytes } from 'node:crypto'
import { cachedDbEngine } from '../src/index.ts'
import { testFile } from './test-file.ts'
import { waitingTime } from '../../../testing/test/support/waiting-time.ts'

// Some cases wait until memcached drops expired items. They run concurrently, so that they wait at the same time.
describe.concurrent('over two servers', () => {
  let own: ConnectedClient
  let other: ConnectedClient
  beforeAll(() => {
    const servers =
      inject('services')
        .memcached?.replace(/^\w+:\/\//, '')
        .split(',') ?? []
    own = memcachedClient(servers)
    other = memcachedClient(servers)
  })
  afterAll(() => {
    own.close()
    other.close()
  })

  describeEngine('cachedDbEngine, memcached before SQLite', {
    clearExpired: true,
    find: true,
    // Memcached counts in seconds.
    granularity: 2000,
    longestId: 200,
    largestPayload: 1_000_000,
    open: async () => {
      const file = testFile({ now: () => Date.now() })
      const keyPrefix = `test:${randomBytes(8).toString('hex')}:`
      const [db, same] = await Promise.all([file.connect(), file.connect()])
      return {
        engine: cachedDbEngine({ cache: memcachedEngine(own, { keyPrefix }), db }),
        peer: cachedDbEngine({ cache: memcachedEngine(other, { keyPrefix }), db: same }),
        time: waitingTime(),
        close: file.remove,
      }
    },
  })
})
