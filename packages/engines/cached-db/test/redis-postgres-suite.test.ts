import type { SessionEngine } from '@sessions/core'
import { describeEngine } from '@sessions/testing'
import { setTimeout as wait } from 'node:timers/promises'
import { freshPlace, open } from './servers.ts'
import { serviceUrls } from './service-urls.ts'

describeEngine('cachedDbEngine, Redis before PostgreSQL', {
  clearExpired: true,
  find: true,
  // Deadlines are exact to the millisecond, but the servers' clocks run on while a busy machine gets to the next step.
  granularity: 100,
  open: async () => {
    const place = freshPlace(serviceUrls())
    const own = open(place)
    const other = open(place)
    const ids = new Set<string>()
    await own.db.migrate()
    return {
      engine: noting(ids, own.engine),
      peer: noting(ids, other.engine),
      time: {
        now: () => Date.now(),
        advance: async (milliseconds) => wait(milliseconds),
      },
      close: async () => {
        await Promise.all([...ids].map(async (id) => own.cache.delete(id)))
        await own.pool.query(`DROP TABLE ${place.name}`)
        await Promise.all([own.close(), other.close()])
      },
    }
  },
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
