import type { SessionRecord } from '@sessions/core'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { freePort } from '../../../testing/test/support/free-port.ts'
import { memcachedClient, memcachedEngine } from '../src/index.ts'
import { pickServer } from '../src/pick-server.ts'
import { fakeServer } from './fake-server.ts'
import { ownServer, type OwnServer } from './own-server.ts'
import { statsOf } from './stats.ts'

const record = (data: string): SessionRecord => ({ data, expiresAt: Date.now() + 3_600_000 })

const keys = Array.from({ length: 3000 }, (_, index) => `session:${index}`)

describe('pickServer', () => {
  it.each([2, 3, 7])('spreads keys over %d servers evenly', (count) => {
    const pick = pickServer(Array.from({ length: count }, (_, index) => `cache-${index}:11211`))
    const sizes = Array.from({ length: count }, () => 0)
    for (const key of keys) sizes[pick(key)] = (sizes[pick(key)] ?? 0) + 1
    expect(Math.min(...sizes) / Math.max(...sizes)).toBeGreaterThan(0.8)
  })

  it('picks the same server regardless of the order in which they are listed', () => {
    const servers = ['a:1', 'b:1', 'c:1']
    const reversed = servers.toReversed()
    const [one, other] = [pickServer(servers), pickServer(reversed)]
    for (const key of keys) expect(servers[one(key)]).toBe(reversed[other(key)])
  })

  it('moves no key between servers that stay', () => {
    const servers = ['a:1', 'b:1', 'c:1']
    const [few, many] = [pickServer(servers), pickServer([...servers, 'd:1'])]
    const moved = keys.filter((key) => few(key) !== many(key))
    expect(new Set(moved.map(many))).toEqual(new Set([3]))
    expect(moved.length / keys.length).toBeLessThan(0.3)
  })
})

describe('memcachedClient', () => {
  let servers: readonly OwnServer[]
  let names: readonly string[]
  beforeAll(async () => {
    servers = await Promise.all([ownServer(), ownServer()])
    names = servers.map(({ name }) => name)
  })
  afterAll(async () => Promise.all(servers.map(async (server) => server.kill())))

  it('keeps each session on one of its servers', async () => {
    const client = memcachedClient(names)
    const engine = memcachedEngine(client)
    await Promise.all(keys.map(async (key) => engine.create(key, record('{}'))))
    const sizes = await Promise.all(
      names.map(async (name) => Number((await statsOf(name)).get('curr_items'))),
    )
    expect(Math.min(...sizes) / Math.max(...sizes)).toBeGreaterThan(0.8)
    expect(sizes.reduce((sum, size) => sum + size)).toBe(keys.length)
    client.close()
  })

  it('has one connection to each server, opened when it is needed', async () => {
    const client = memcachedClient(names)
    const before = await Promise.all(names.map(connections))
    await Promise.all(keys.map(async (key) => client.metaGet(key, 5000)))
    await Promise.all(keys.map(async (key) => client.metaGet(key, 5000)))
    // The client's, and the one that asks for the number.
    expect(await Promise.all(names.map(connections))).toEqual(before.map((count) => count + 2))
    client.close()
  })

  it('writes all commands of a turn of the event loop at once', async () => {
    const server = await fakeServer((socket, request) =>
      socket.write('EN\r\n'.repeat(request.split('mg ').length - 1)),
    )
    const socket = connect(Number(server.name.split(':')[1]), '127.0.0.1')
    const client = memcachedClient(server.name, { connect: () => socket })
    await client.metaGet('first', 5000)
    const write = vi.spyOn(socket, 'write')

    const one = client.metaGet('one', 5000)
    await new Promise((resolve) => process.nextTick(resolve))
    const other = client.metaGet('other', 5000)

    expect(await Promise.all([one, other])).toEqual([undefined, undefined])
    expect(write.mock.calls).toEqual([['mg one c v\r\nmg other c v\r\n']])
    client.close()
    await server.close()
  })

  it('fails only for the keys of a server that is down', async () => {
    const down = `127.0.0.1:${await freePort()}`
    const client = memcachedClient([down, names[0] ?? ''])
    const engine = memcachedEngine(client)
    const pick = pickServer([down, names[0] ?? ''])
    const calls = await Promise.allSettled(
      keys.slice(0, 100).map(async (key) => engine.create(`on ${key}`, record('{}'))),
    )
    for (const [index, call] of calls.entries()) {
      const key = `session:${encodeURIComponent(`on ${keys[index]}`)}`
      expect(call.status).toBe(pick(key) === 0 ? 'rejected' : 'fulfilled')
      if (call.status === 'rejected') {
        expect(call.reason).toMatchObject({
          message: `Memcached at ${down} cannot be reached.`,
          cause: { code: 'ECONNREFUSED' },
        })
      }
    }
    client.close()
  })

  it('rejects calls in flight when it is closed, and every later call', async () => {
    const client = memcachedClient(names[0] ?? '')
    await client.metaGet('key', 5000)
    const waiting = client.metaGet('key', 5000)
    client.close()
    await expect(waiting).rejects.toThrow('The memcached client was closed.')
    await expect(client.metaGet('key', 5000)).rejects.toThrow('The memcached client was closed.')
  })

  it('uses the connections that its connect option opens', async () => {
    const asked: string[] = []
    const client = memcachedClient('wherever', {
      connect(server) {
        asked.push(server)
        return connect(servers[0]?.port ?? 0, '127.0.0.1')
      },
    })
    const engine = memcachedEngine(client)
    expect((await engine.create('given', record('{}'))).status).toBe('saved')
    expect(asked).toEqual(['wherever'])
    client.close()
  })

  it('notices that the server has closed a connection that may stay half open', async () => {
    const server = await fakeServer((socket) => socket.end())
    const client = memcachedClient('wherever', {
      connect: () => connect({ port: Number(server.name.split(':')[1]), allowHalfOpen: true }),
    })
    await expect(client.metaGet('key', Infinity)).rejects.toThrow(
      'Memcached at wherever has closed the connection.',
    )
    client.close()
    await server.close()
  })

  it('rejects with the error of its connect option as the cause', async () => {
    const cause = new Error('no certificate')
    const client = memcachedClient('wherever', {
      connect() {
        throw cause
      },
    })
    await expect(client.metaGet('key', 5000)).rejects.toMatchObject({
      message: 'Memcached at wherever cannot be reached.',
      cause,
    })
  })

  it.each(['localhost', 'cache-1:11211', '127.0.0.1:1', '[::1]', '[::1]:11211'])(
    'accepts the server %s',
    (server) => {
      expect(() => memcachedClient(server)).not.toThrow()
    },
  )

  it.each(['', ':11211', 'a:0', 'a:65536', 'a:b', 'memcached://a', 'a b', '::1', '/run/socket'])(
    'refuses the server %j',
    (server) => {
      expect(() => memcachedClient(server)).toThrow(/^servers must name each server as `host:port`/)
    },
  )

  it.each([undefined, null, 11_211, {}, [undefined], ['a', null]])(
    'refuses %j as its servers',
    (servers) => {
      expect(() => memcachedClient(servers as never)).toThrow(
        /^servers must be a string, or an array/,
      )
    },
  )

  it.each([null, 'tls', {}])('refuses %j as its connect option', (wrong) => {
    expect(() => memcachedClient('a', { connect: wrong as never })).toThrow(
      /^connect must be a function/,
    )
  })

  it('refuses unknown options, and options that are no object', () => {
    expect(() => memcachedClient('a', { timeout: 5 } as never)).toThrow(
      /^timeout is not an option of memcachedClient: valid names are connect/,
    )
    expect(() => memcachedClient('a', null as never)).toThrow(/^options of memcachedClient must be/)
  })

  it('refuses an empty list of servers, and a server named twice', () => {
    expect(() => memcachedClient([])).toThrow(/^servers must name at least one server/)
    expect(() => memcachedClient(['a', 'a'])).toThrow(/^servers must name each server only once/)
  })
})

/** How many connections the server has had so far. */
async function connections(server: string): Promise<number> {
  return Number((await statsOf(server)).get('total_connections'))
}
