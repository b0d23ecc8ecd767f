import { createSessions, SessionEngineError, type SessionError } from '@sessions/core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { expectKept } from '../../../testing/test/support/expectations.ts'
import { startLoad } from '../../../testing/test/support/load.ts'
import { privateServer, type PrivateServer } from '../../../testing/test/support/private-server.ts'
import { freshPlace, open, type Opened } from './servers.ts'

describe('requests over Redis and PostgreSQL, when a server is killed', () => {
  let redis: PrivateServer
  let postgres: PrivateServer
  let one: Opened
  let other: Opened
  let outages: SessionError[]
  beforeAll(async () => {
    ;[redis, postgres] = await Promise.all([privateServer('redis'), privateServer('postgres')])
  })
  afterAll(async () => {
    await Promise.all([redis.close(), postgres.close()])
  })
  beforeEach(async () => {
    outages = []
    const place = freshPlace({ redis: redis.url, postgres: postgres.url })
    one = open(place, { timeout: 500, onCacheError: (error) => outages.push(error) })
    other = open(place, { timeout: 500 })
    await one.db.migrate()
  })
  afterEach(async () => {
    await Promise.all([one.close(), other.close()])
  })

  it('continue without the cache, whose failure is reported once', async () => {
    const loads = await Promise.all([one, other].map(({ engine }) => startLoad(engine, 10)))
    await Promise.all(loads.map(async ({ acknowledged }) => acknowledged(50)))
    await redis.crash()
    await Promise.all(loads.map(async ({ acknowledged }) => acknowledged(200)))
    expect(outages).toHaveLength(1)
    expect(outages[0]).toBeInstanceOf(SessionEngineError)
    expect(outages[0]).toMatchObject({ engine: 'redis' })
    expect(outages[0]?.cause).toBeInstanceOf(Error)
    await redis.start()
    await Promise.all(loads.map(async ({ acknowledged }) => acknowledged(200)))
    for (const report of await Promise.all(loads.map(async ({ stop }) => stop()))) {
      expectKept(report)
      expect(report.failures).toEqual([])
    }
  })

  it('use the cache again when it is back, without a restart', async () => {
    const id = 'id'
    await redis.crash()
    await one.engine.create(id, { data: 'first', expiresAt: Date.now() + 60_000 })
    await redis.start()
    // The client reconnects by itself, and the engine checks the cache every second.
    const isCopied = async (): Promise<boolean> =>
      (await Promise.allSettled([one.cache.exists(id)])).some(
        (answer) => answer.status === 'fulfilled' && answer.value,
      )
    while (!(await isCopied())) await one.engine.load(id)
    await postgres.crash()
    expect(await one.engine.load(id)).toMatchObject({ data: 'first' })
    await postgres.start()
  })

  it('fail while the database is down, and lose no acknowledged change', async () => {
    const load = await startLoad(one.engine, 10)
    await load.acknowledged(100)
    await postgres.crash()
    await load.failed(50)
    await postgres.start()
    await load.acknowledged(200)
    expectKept(await load.stop())
    expect(outages).toEqual([])
  })

  it('work in processes whose clocks are a minute apart', async () => {
    const place = freshPlace({ redis: redis.url, postgres: postgres.url })
    const clocks = [-60_000, 60_000].map((offset) => ({ now: () => Date.now() + offset }))
    const processes = clocks.map((clock) => ({ clock, opened: open(place, { clock }) }))
    await processes[0]?.opened.db.migrate()
    const managers = processes.map(({ clock, opened }) =>
      createSessions<{ n: number }>({ engine: opened.engine, clock }),
    )
    const first = managers[0]?.open()
    first?.set('n', 0)
    await first?.save()
    const key = first?.sessionKey ?? ''
    for (let round = 0; round < 10; round += 1) {
      const [reader, writer] = round % 2 === 0 ? managers : managers.toReversed()
      expect((await reader?.open(key).load())?.get('n')).toBe(round)
      const session = await writer?.open(key).load()
      session?.modify('n', (n) => (n ?? 0) + 1)
      await session?.save()
    }
    const leaving = await managers[1]?.open(key).load()
    leaving?.flush()
    await leaving?.save()
    expect((await managers[0]?.open(key).load())?.isEmpty).toBe(true)
    await Promise.all(processes.map(async ({ opened }) => opened.close()))
  })
})
