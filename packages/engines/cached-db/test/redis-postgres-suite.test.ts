import { describeEngine } from '@sessions/testing'
import { freshPlace, open } from './servers.ts'
import { serviceUrls } from './service-urls.ts'
import { noting } from '../../../testing/test/support/noting.ts'
import { waitingTime } from '../../../testing/test/support/waiting-time.ts'

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
      time: waitingTime(),
      close: async () => {
        await Promise.all([...ids].map(async (id) => own.cache.delete(id)))
        await own.pool.query(`DROP TABLE ${place.name}`)
        await Promise.all([own.close(), other.close()])
      },
    }
  },
})
