import { createSessions, type Sessions } from '@sessions/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  describeRequests,
  keysOf,
  stored,
  type Data,
} from '../../../testing/test/support/describe-requests.ts'
import { startWorker } from '../../../testing/test/support/worker.ts'
import { memcachedClient, memcachedEngine, type ConnectedClient } from '../src/index.ts'
import { freshPrefix, services } from './services.ts'

const worker = new URL('worker.ts', import.meta.url)

/** The outcomes of the requests in another process. */
interface Worked {
  /** How each save ended: `saved`, or the code of an error. */
  readonly saves: readonly string[]
  /** How many creates of one id were successful. */
  readonly won: number
}

describe('concurrent requests on one session', () => {
  const keyPrefix = freshPrefix()
  let client: ConnectedClient
  let manager: Sessions<Data>
  beforeAll(() => {
    client = memcachedClient(services())
    const engine = memcachedEngine(client, { keyPrefix })
    manager = createSessions<Data>({ engine, cookie: { age: 60 } })
  })
  afterAll(() => client.close())

  describeRequests(() => [manager])

  /** Starts two processes, each with 25 requests that have loaded the session and not saved it yet. */
  const inTwoProcesses = async (key: string) => {
    const workers = ['one', 'two'].map((name) =>
      startWorker<Worked>(worker, services().join(','), keyPrefix, key, name, '25'),
    )
    await Promise.all(workers.map(async ({ ready }) => ready))
    return workers
  }

  it('in two processes keep the keys of all fifty writers, and create a single record', async () => {
    const key = await stored(manager)
    const workers = await inTwoProcesses(key)
    const worked = await Promise.all(workers.map(async ({ proceed }) => proceed()))

    expect(new Set(worked.flatMap(({ saves }) => saves))).toEqual(new Set(['saved']))
    expect(await keysOf(manager, key, /^(?:one|two) /)).toHaveLength(50)
    expect(worked.reduce((sum, { won }) => sum + won, 0)).toBe(1)
  })

  it('in two processes cannot undo a logout in a third', async () => {
    const key = await stored(manager)
    const workers = await inTwoProcesses(key)
    const leaving = await manager.open(key).load()
    leaving.flush()
    await leaving.save()
    const worked = await Promise.all(workers.map(async ({ proceed }) => proceed()))

    expect(new Set(worked.flatMap(({ saves }) => saves))).toEqual(new Set(['SESSION_INTERRUPTED']))
    expect((await manager.open(key).load()).isEmpty).toBe(true)
  })
})

describe('a thousand concurrent creates of one id', () => {
  it('have one winner', async () => {
    const clients = [memcachedClient(services()), memcachedClient(services().toReversed())]
    const keyPrefix = freshPrefix()
    const engines = clients.map((client) => memcachedEngine(client, { keyPrefix }))
    const created = await Promise.all(
      Array.from({ length: 1000 }, async (_, index) =>
        engines[index % 2]?.create('id', { data: `${index}`, expiresAt: Date.now() + 60_000 }),
      ),
    )

    const winners = created.flatMap((answer, index) => (answer?.status === 'saved' ? [index] : []))
    expect(winners).toHaveLength(1)
    expect((await engines[0]?.load('id'))?.data).toBe(String(winners[0]))
    for (const client of clients) client.close()
  })
})
