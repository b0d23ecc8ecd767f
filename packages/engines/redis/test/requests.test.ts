import { createSessions, type Sessions } from '@sessions/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  describeRequests,
  keysOf,
  stored,
  type Data,
} from '../../../testing/test/support/describe-requests.ts'
import { startWorker } from '../../../testing/test/support/worker.ts'
import { redisEngine, type RedisEngine } from '../src/index.ts'
import { clusters, sentinels, singles, type Connected } from './clients.ts'
import { freshPrefix, serviceUrl } from './services.ts'

const worker = new URL('worker.ts', import.meta.url)

const TIMEOUT = 180_000

const everywhere = [
  ['one server', 'redis', singles],
  ['a cluster', 'redis-cluster', clusters],
  ['a sentinel', 'redis-sentinel', sentinels],
] as const

const subjects = everywhere.flatMap(([where, service, clients]) =>
  Object.entries(clients).map(([client, connect]) => ({ where, service, client, connect })),
)

describe.each(subjects)(
  'concurrent requests on one session, through $client on $where',
  ({ service, connect }) => {
    const keyPrefix = freshPrefix()
    let connected: Connected
    let manager: Sessions<Data>
    beforeAll(async () => {
      connected = await connect(serviceUrl(service))
      const engine = redisEngine(connected.client, { keyPrefix })
      manager = createSessions<Data>({ engine, cookie: { age: 60 } })
    })
    afterAll(async () => connected.close())

    describeRequests(() => [manager])
  },
)

describe.each([
  ['single', 'redis', 'node-redis 6', singles],
  ['single', 'redis', 'ioredis 6', singles],
  ['cluster', 'redis-cluster', 'node-redis 6', clusters],
  ['cluster', 'redis-cluster', 'ioredis 6', clusters],
] as const)('requests in two processes (%s, %s, %s)', (kind, service, client, clients) => {
  const keyPrefix = freshPrefix()
  let connected: Connected
  let engine: RedisEngine
  let manager: Sessions<Data>
  beforeAll(async () => {
    connected = await (clients[client] ?? missing)(serviceUrl(service))
    engine = redisEngine(connected.client, { keyPrefix })
    manager = createSessions<Data>({ engine })
  })
  afterAll(async () => connected.close())

  /**
   * Starts two processes that prepare requests; the function that it returns runs them and resolves to their outcomes.
   */
  const start = async (job: string, key: string, count: number) => {
    const args = [kind, client, serviceUrl(service), keyPrefix, job, key]
    const workers = ['one', 'two'].map((name) =>
      startWorker<readonly string[]>(worker, ...args, name, String(count)),
    )
    await Promise.all(workers.map(async ({ ready }) => ready))
    return async () => (await Promise.all(workers.map(async ({ proceed }) => proceed()))).flat()
  }

  it(
    'keep the keys of all fifty writers that loaded before any saved',
    { timeout: TIMEOUT },
    async () => {
      const key = await stored(manager)
      const proceed = await start('set', key, 25)

      expect(new Set(await proceed())).toEqual(new Set(['saved']))
      expect(await keysOf(manager, key, /^(?:one|two) /)).toHaveLength(50)
    },
  )

  it('cannot undo a logout by fifty concurrent saves', { timeout: TIMEOUT }, async () => {
    const key = await stored(manager)
    const proceed = await start('set', key, 25)
    const leaving = await manager.open(key).load()
    leaving.flush()
    await leaving.save()

    expect(new Set(await proceed())).toEqual(new Set(['SESSION_INTERRUPTED']))
    expect((await manager.open(key).load()).isEmpty).toBe(true)
  })

  it('create a single record when a thousand try to', { timeout: TIMEOUT }, async () => {
    const proceed = await start('create', 'id', 500)
    const winners = (await proceed()).filter((status) => status === 'saved')

    expect(winners).toHaveLength(1)
    expect((await engine.load('id'))?.data).toMatch(/^(?:one|two)$/)
    await engine.delete('id')
  })
})

async function missing(): Promise<never> {
  throw new Error('There is no such client.')
}
