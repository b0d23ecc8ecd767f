import { createSessions, isSessionError, type SessionRecord } from '@sessions/core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { expectKept, expectUnavailable } from '../../../testing/test/support/expectations.ts'
import { startLoad } from '../../../testing/test/support/load.ts'
import { proxyTo, type Proxy } from '../../../testing/test/support/proxy.ts'
import {
  memcachedClient,
  memcachedEngine,
  type ConnectedClient,
  type MemcachedEngine,
} from '../src/index.ts'
import { ownServer, type OwnServer } from './own-server.ts'

const record = (data: string): SessionRecord => ({ data, expiresAt: Date.now() + 3_600_000 })

describe('memcachedEngine, over a network', () => {
  let server: OwnServer
  let proxy: Proxy
  let client: ConnectedClient
  let engine: MemcachedEngine
  beforeAll(async () => {
    server = await ownServer()
  })
  afterAll(async () => server.kill())
  beforeEach(async () => {
    proxy = await proxyTo(server.port)
    client = memcachedClient(`127.0.0.1:${proxy.port}`)
    engine = memcachedEngine(client, { timeout: 5000 })
  })
  afterEach(async () => {
    client.close()
    await proxy.close()
  })

  it('keeps every acknowledged change when connections are dropped again and again', async () => {
    const load = await startLoad(engine, 20)
    for (let round = 0; round < 10; round += 1) {
      await load.acknowledged(100)
      proxy.drop()
    }
    await load.acknowledged(100)
    expectKept(await load.stop())
  })

  it.each([
    ['the reply', 0],
    ['most of the reply', 4],
  ])('applies a modify once if %s to its save is lost with the connection', async (_, after) => {
    const manager = createSessions<{ n: number }>({ engine })
    const fresh = manager.open()
    fresh.set('n', 0)
    await fresh.save()
    const key = fresh.sessionKey ?? ''
    const session = await manager.open(key).load()
    session.modify('n', (n) => (n ?? 0) + 1)
    const lost = proxy.loseAnswer(after)
    const saving = session.save().catch((error: unknown) => error)
    await lost
    proxy.drop()

    expectUnavailable(await saving)
    expect((await manager.open(key).load()).get('n')).toBe(1)
  })

  it('fails calls while the network is silent, and recovers on another connection', async () => {
    const impatient = memcachedEngine(client, { timeout: 100 })
    await engine.create('id', record('{}'))
    proxy.hang()
    for (const call of [
      () => impatient.load('id'),
      () => impatient.exists('id'),
      () => impatient.create('other', record('{}')),
      () => impatient.save('id', record('late'), 'version'),
      () => impatient.touch('id', record('{}'), 'version'),
      () => impatient.delete('other'),
    ]) {
      await expect(call()).rejects.toThrow(
        `Memcached at 127.0.0.1:${proxy.port} did not answer within 100 ms.`,
      )
    }
    proxy.resume()
    expect((await engine.load('id'))?.data).toBe('{}')
  })
})

describe('memcachedEngine, on a server that fails', () => {
  let server: OwnServer
  let client: ConnectedClient
  let engine: MemcachedEngine
  const open = async (...settings: string[]): Promise<void> => {
    server = await ownServer(...settings)
    client = memcachedClient(server.name)
    engine = memcachedEngine(client, { timeout: 5000 })
  }
  afterEach(async () => {
    client.close()
    await server.kill()
  })

  it('fails every call while it is down, and accepts new sessions after its restart', async () => {
    await open()
    const manager = createSessions<{ n: number }>({ engine })
    const session = manager.open()
    session.set('n', 1)
    await session.save()
    const key = session.sessionKey ?? ''
    const loaded = await manager.open(key).load()
    loaded.set('n', 2)

    await server.kill()
    for (let round = 0; round < 5; round += 1) {
      expectUnavailable(await failureOf(manager.open(key).load()))
      expectUnavailable(await failureOf(loaded.save()))
    }
    await server.start()

    // Memcached has lost the session, and a save that is based on it does not revive it.
    const failure = await failureOf(loaded.save())
    expect(isSessionError(failure) && failure.code).toBe('SESSION_INTERRUPTED')
    expect((await manager.open(key).load()).isEmpty).toBe(true)
    const next = manager.open()
    next.set('n', 3)
    await next.save()
    expect((await manager.open(next.sessionKey ?? '').load()).get('n')).toBe(3)
  })

  it('fails calls only with SESSION_ENGINE or SESSION_INTERRUPTED when it is killed under load', async () => {
    await open()
    const load = await startLoad(engine, 20)
    await load.acknowledged(200)
    await server.kill()
    await server.start()
    await load.acknowledged(200)
    const { failures } = await load.stop()
    for (const failure of failures) {
      const code = isSessionError(failure) ? failure.code : String(failure)
      expect(['SESSION_ENGINE', 'SESSION_INTERRUPTED']).toContain(code)
      if (code === 'SESSION_ENGINE') expectUnavailable(failure)
    }
  })

  it('fails calls while it hangs', async () => {
    await open()
    const impatient = memcachedEngine(client, { timeout: 100 })
    await engine.create('id', record('{}'))
    server.hang()
    // The process takes a moment to stop.
    let failure: unknown
    while (failure === undefined) failure = await failureOf(impatient.load('id'))
    expect((failure as Error).message).toContain('did not answer within 100 ms')
    await expect(impatient.load('id')).rejects.toThrow('did not answer within 100 ms')
    await server.kill()
    await server.start()
    expect(await engine.load('id')).toBeUndefined()
  })

  it('does not match a version from before a restart', async () => {
    await open()
    const former = versionOf(await engine.create('id', record('former')))
    await server.kill()
    await server.start()
    expect(await engine.save('id', record('late'), former)).toEqual({ status: 'missing' })
    expect(await engine.delete('id', former)).toBe('missing')

    const version = versionOf(await engine.create('id', record('next')))
    // The restarted server assigns the same CAS numbers again.
    expect(version.split(/[:-]/)[1]).toBe(former.split(/[:-]/)[1])
    expect(await engine.save('id', record('late'), former)).toEqual({ status: 'conflict' })
    expect(await engine.touch('id', record('late'), former)).toEqual({ status: 'conflict' })
    expect(await engine.delete('id', former)).toBe('conflict')
    expect(await engine.load('id')).toMatchObject({ data: 'next', version })
  })

  it('cannot save when memory has run out under -M, but still reads and deletes', async () => {
    await open('-M', '-m', '2')
    const version = versionOf(await engine.create('id', record('kept')))
    await engine.create('grows', record('{}'))
    const failure = await fill(engine)
    expect(String(failure)).toContain('SERVER_ERROR out of memory storing object')

    await expect(engine.save('grows', record('x'.repeat(100_000)))).rejects.toThrow('out of memory')
    expect(await engine.load('id')).toMatchObject({ data: 'kept', version })
    // As the README says: memcached drops what it cannot replace.
    expect(await engine.load('grows')).toBeUndefined()
    expect(await engine.delete('id', version)).toBe('deleted')
  })

  it('does not revive an evicted session', async () => {
    await open('-m', '2')
    const version = versionOf(await engine.create('id', record('x'.repeat(100_000))))
    for (let index = 0; index < 100; index += 1) {
      await engine.create(`other ${index}`, record('x'.repeat(100_000)))
    }
    expect(await engine.load('id')).toBeUndefined()
    expect(await engine.save('id', record('next'), version)).toEqual({ status: 'missing' })
    expect(await engine.save('id', record('next'))).toEqual({ status: 'missing' })
  })
})

describe('memcachedEngine', () => {
  it('serves processes whose clocks are a minute apart', async () => {
    const server = await ownServer()
    const client = memcachedClient(server.name)
    const engine = memcachedEngine(client)
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
    client.close()
    await server.kill()
  })
})

/** Creates sessions until the memory is full; returns the error. */
async function fill(engine: MemcachedEngine): Promise<unknown> {
  for (let index = 0; ; index += 1) {
    const failure = await failureOf(engine.create(`filling ${index}`, record('x'.repeat(100_000))))
    if (failure !== undefined) return failure
  }
}

async function failureOf(call: unknown): Promise<unknown> {
  return Promise.resolve(call).then(
    () => undefined,
    (error: unknown) => error,
  )
}

function versionOf(answer: { status: string; version?: string }): string {
  return answer.version ?? 'none'
}
