import { createSessions, type SessionRecord } from '@sessions/core'
import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { expectKept, expectUnavailable } from '../../../testing/test/support/expectations.ts'
import { startLoad } from '../../../testing/test/support/load.ts'
import { proxyTo, type Proxy } from '../../../testing/test/support/proxy.ts'
import { redisEngine, type RedisEngine } from '../src/index.ts'
import { singles, type Connected } from './clients.ts'
import { ownServer, type OwnServer } from './own-server.ts'

const HOUR = 3_600_000

const record = (data: string): SessionRecord => ({ data, expiresAt: Date.now() + HOUR })

describe.each(Object.entries(singles))('redisEngine through %s', (_, connect) => {
  let server: OwnServer
  let proxy: Proxy
  let connected: Connected
  let engine: RedisEngine
  beforeAll(async () => {
    server = await ownServer()
  })
  afterAll(async () => server.close())
  beforeEach(async () => {
    await server.admin.flushall()
    proxy = await proxyTo(server.port)
    connected = await connect(`redis://127.0.0.1:${proxy.port}`)
    engine = redisEngine(connected.client, { timeout: 2000 })
  })
  afterEach(async () => {
    await connected.close()
    await proxy.close()
  })

  it('keeps every acknowledged change when the server is killed and restarted', async () => {
    const load = await startLoad(engine, 20)
    await load.acknowledged(200)
    await server.kill()
    await server.start()
    await load.acknowledged(200)
    expectKept(await load.stop())
  })

  it('keeps every acknowledged change when connections are dropped again and again', async () => {
    const load = await startLoad(engine, 20)
    for (let round = 0; round < 5; round += 1) {
      await load.acknowledged(100)
      proxy.drop()
    }
    await load.acknowledged(100)
    expectKept(await load.stop())
  })

  it('keeps every acknowledged change when the scripts are flushed again and again', async () => {
    const load = await startLoad(engine, 20)
    for (let round = 0; round < 5; round += 1) {
      await load.acknowledged(100)
      await server.admin.script('FLUSH')
    }
    const report = await load.stop()
    expectKept(report)
    expect(report.failures).toEqual([])
  })

  it('applies a modify once if the reply to its save is lost with the connection', async () => {
    const manager = createSessions<{ n: number }>({ engine })
    const fresh = manager.open()
    fresh.set('n', -1)
    await fresh.save()
    // From here on the server knows the script.
    fresh.set('n', 0)
    await fresh.save()
    const session = await manager.open(fresh.sessionKey ?? '').load()
    session.modify('n', (n) => (n ?? 0) + 1)
    const lost = proxy.loseAnswer()
    const saving = session.save().catch((error: unknown) => error)
    await lost
    proxy.drop()

    const failure = await saving
    if (failure !== undefined) expectUnavailable(failure)
    expect((await manager.open(fresh.sessionKey ?? '').load()).get('n')).toBe(1)
  })

  it('fails rather than apply a modify twice if others have saved before the client resends it', async () => {
    const manager = createSessions<{ n: number }>({ engine })
    const fresh = manager.open()
    fresh.set('n', -1)
    await fresh.save()
    // From here on the server knows the script.
    fresh.set('n', 0)
    await fresh.save()
    const key = fresh.sessionKey ?? ''
    const direct = await connect(server.url)
    const elsewhere = createSessions<{ n: number }>({ engine: redisEngine(direct.client) })
    const session = await manager.open(key).load()
    session.modify('n', (n) => (n ?? 0) + 1)
    const lost = proxy.loseAnswer()
    const saving = session.save().catch((error: unknown) => error)
    await lost
    for (let round = 0; round < 3; round += 1) {
      const other = await elsewhere.open(key).load()
      other.modify('n', (n) => (n ?? 0) + 10)
      await other.save()
    }
    proxy.drop()

    expectUnavailable(await saving)
    expect((await elsewhere.open(key).load()).get('n')).toBe(31)
    await direct.close()
  })

  it('rejects a delete whose reply was lost, rather than answer that the session was missing', async () => {
    const created = (await engine.create('id', record('{}'))) as { version?: string }
    // From here on the server knows the script.
    await engine.delete('id', 'stale')
    const lost = proxy.loseAnswer()
    const deleting = Promise.resolve(engine.delete('id', created.version)).catch(
      (error: unknown) => error,
    )
    await lost
    proxy.drop()

    expect(await deleting).toBeInstanceOf(Error)
    expect(await server.admin.exists('session:id')).toBe(0)
  })

  it('fails calls while the server does not answer in time, and recovers when it does', async () => {
    const impatient = redisEngine(connected.client, { timeout: 100 })
    await impatient.create('id', record('{}'))
    proxy.hang()
    const calls = await Promise.allSettled([
      impatient.load('id'),
      impatient.exists('id'),
      impatient.save('id', record('late'), 'version'),
      impatient.touch('id', record('{}')),
      impatient.delete('other'),
    ])
    for (const call of calls) {
      expect(String(Reflect.get(call, 'reason'))).toBe('Error: Redis did not answer within 100 ms.')
    }
    proxy.resume()
    expect((await engine.load('id'))?.data).toBe('{}')
  })

  it('keeps every acknowledged change when packets are lost for longer than the timeout', async () => {
    const load = await startLoad(redisEngine(connected.client, { timeout: 100 }), 20)
    for (let round = 0; round < 3; round += 1) {
      await load.acknowledged(100)
      proxy.hang()
      await load.failed(40)
      proxy.resume()
    }
    await load.acknowledged(100)
    expectKept(await load.stop())
  })

  it('cannot save to a read-only replica, but reads from it', async () => {
    const manager = createSessions<{ n: number }>({ engine })
    const session = manager.open()
    session.set('n', 1)
    await session.save()
    await server.admin.config('SET', 'replica-serve-stale-data', 'yes')
    await server.admin.replicaof('127.0.0.1', 1)

    const loaded = await manager.open(session.sessionKey ?? '').load()
    loaded.set('n', 2)
    const failure = await loaded.save().catch((error: unknown) => error)
    expectUnavailable(failure)
    expect(String((failure as Error).cause)).toMatch(/READONLY/)
    await expect(engine.create('new', record('{}'))).rejects.toThrow('READONLY')
    await expect(engine.delete('new')).rejects.toThrow('READONLY')

    await server.admin.replicaof('NO', 'ONE')
    await loaded.save()
    expect((await manager.open(session.sessionKey ?? '').load()).get('n')).toBe(2)
  })

  it('cannot save when memory has run out, but still reads and deletes', async () => {
    const { version = '' } = (await engine.create('id', record('kept'))) as { version?: string }
    await server.admin.config('SET', 'maxmemory-policy', 'noeviction')
    await server.admin.config('SET', 'maxmemory', '1')

    await expect(engine.create('new', record('{}'))).rejects.toThrow('OOM')
    await expect(engine.save('id', record('next'))).rejects.toThrow('OOM')
    await expect(engine.save('id', record('next'), version)).rejects.toThrow('OOM')
    const error: unknown = await Promise.resolve(engine.create('new', record('a secret'))).catch(
      (reason: unknown) => reason,
    )
    expect(inspect(error, { depth: 9 })).not.toContain('a secret')
    expect(await engine.load('id')).toMatchObject({ data: 'kept', version })
    expect(await engine.delete('id', version)).toBe('deleted')

    await server.admin.config('SET', 'maxmemory', '0')
    expect((await engine.create('new', record('{}'))).status).toBe('saved')
  })

  it('does not revive an evicted session', async () => {
    const { version } = (await engine.create('id', record('{}'))) as { version?: string }
    await server.admin.config('SET', 'maxmemory-policy', 'allkeys-lru')
    await server.admin.config('SET', 'maxmemory', '1')
    await server.admin.set('other', 'evicts').catch(() => undefined)
    await server.admin.config('SET', 'maxmemory', '0')

    expect(await engine.load('id')).toBeUndefined()
    expect(await engine.save('id', record('next'), version)).toEqual({ status: 'missing' })
    expect(await engine.save('id', record('next'))).toEqual({ status: 'missing' })
  })
})

describe('redisEngine', () => {
  it('goes by the clock of the server, so that processes may have clocks a minute apart', async () => {
    const server = await ownServer()
    const connected = await singles['ioredis 6']?.(server.url)
    if (connected === undefined) throw new Error('There is no such client.')
    const engine = redisEngine(connected.client)
    const managers = [-60_000, 60_000].map((offset) =>
      createSessions<{ n: number }>({ engine, clock: { now: () => Date.now() + offset } }),
    )
    const first = managers[0]?.open()
    first?.set('n', 0)
    await first?.save()
    for (let round = 0; round < 6; round += 1) {
      const session = await managers[round % 2]?.open(first?.sessionKey ?? '').load()
      expect(session?.get('n')).toBe(round)
      session?.modify('n', (n) => (n ?? 0) + 1)
      await session?.save()
    }
    await connected.close()
    await server.close()
  })
})
