import { createSessions, type SessionRecord, type Sessions } from '@sessions/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  describeRequests,
  keysOf,
  stored,
  type Data,
} from '../../../testing/test/support/describe-requests.ts'
import { startWorker } from '../../../testing/test/support/worker.ts'
import { freshPlace, open, type Opened, type Place } from './servers.ts'
import { serviceUrls } from './service-urls.ts'

const worker = new URL('worker.ts', import.meta.url)

const record = (data: string): SessionRecord => ({ data, expiresAt: Date.now() + 60_000 })

describe('requests over Redis and PostgreSQL', () => {
  let place: Place
  let own: Opened
  let other: Opened
  beforeEach(async () => {
    place = freshPlace(serviceUrls())
    own = open(place)
    other = open(place)
    await own.db.migrate()
  })
  afterEach(async () => {
    await own.pool.query(`DROP TABLE ${place.name}`)
    await Promise.all([own.close(), other.close()])
  })

  describeRequests(() => [managerOf(own), managerOf(other)])

  it('let one of a thousand concurrent creates win', async () => {
    const created = await Promise.all(
      Array.from({ length: 1000 }, async (_, index) =>
        (index % 2 ? own : other).engine.create('id', record(`${index}`)),
      ),
    )
    const winners = created.flatMap(({ status }, index) => (status === 'saved' ? [index] : []))
    expect(winners).toHaveLength(1)
    expect((await own.engine.load('id'))?.data).toBe(String(winners[0]))
    expect((await other.engine.load('id'))?.data).toBe(String(winners[0]))
  })

  it('keep the keys of fifty writers in two processes, and let one of a thousand creates win', async () => {
    const key = await stored(managerOf(own))
    const workers = ['one', 'two'].map((name) =>
      startWorker<number>(worker, JSON.stringify(place), key, name, '25'),
    )
    await Promise.all(workers.map(async ({ ready }) => ready))
    const [one, two] = await Promise.all(workers.map(async ({ proceed }) => proceed()))

    expect(await keysOf(managerOf(own), key, /^(?:one|two) /)).toHaveLength(50)
    expect([one, two].toSorted()).toEqual([0, 1])
    expect((await own.engine.load('id'))?.data).toBe(one === 1 ? 'one' : 'two')
  })
})

function managerOf({ engine }: Opened): Sessions<Data> {
  return createSessions<Data>({ engine, cookie: { age: 60 } })
}
