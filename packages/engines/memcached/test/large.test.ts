import { SessionEngineError, type SessionRecord } from '@sessions/core'
import { describe, expect, it } from 'vitest'
import { memcachedClient, memcachedEngine } from '../src/index.ts'
import { ownServer } from './own-server.ts'

const record = (data: string): SessionRecord => ({ data, expiresAt: Date.now() + 3_600_000 })

describe.each([
  ['with default settings', [], 1_048_576],
  ['started with a larger -I', ['-I', '2m'], 2_097_152],
  ['started with a smaller -I', ['-I', '512k'], 524_288],
])('memcachedEngine, on a server %s', (_, settings, limit) => {
  it('stores the largest session that fits, and rejects a larger one with the remedy', async () => {
    const server = await ownServer(...settings)
    const client = memcachedClient(server.name)
    const engine = memcachedEngine(client)
    // An item has a header of 56 bytes, the key, the value, and three bytes that terminate those two.
    const fits = 'x'.repeat(limit - 56 - 'session:id'.length - `${Date.now()}:`.length - 3)
    const created = await engine.create('id', record(fits))
    expect(created.status).toBe('saved')
    expect((await engine.load('id'))?.data === fits).toBe(true)

    const version = Reflect.get(created, 'version') as string
    for (const [operation, call] of [
      ['create', () => engine.create('other', record(`${fits}x`))],
      ['create', () => engine.create('id', record(`${fits}x`))],
      ['save', () => engine.save('id', record(`${fits}x`))],
      ['save', () => engine.save('id', record(`${fits.slice(1)}\u00e9`), version)],
      ['touch', () => engine.touch('id', record(`${fits}x`), version)],
    ] as const) {
      const failure = await Promise.resolve(call()).catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(SessionEngineError)
      expect(String(failure)).toBe(
        `SessionEngineError: The memcached engine failed in ${operation}(): the server takes items of ${limit} bytes ` +
          'at most, and the session would be larger; keep less in it, or start memcached with a larger -I.',
      )
    }

    // If the larger sessions had been sent, memcached would have dropped the stored one.
    expect((await engine.load('id'))?.version).toBe(version)
    client.close()
    await server.kill()
  })
})
