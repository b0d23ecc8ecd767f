import { Redis } from 'ioredis'
import { Redis as Redis5 } from 'ioredis5'
import { createClient } from 'redis'
import { createClient as createClient5 } from 'redis5'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { expectKept } from '../../../testing/test/support/expectations.ts'
import { startLoad } from '../../../testing/test/support/load.ts'
import { proxyTo } from '../../../testing/test/support/proxy.ts'
import { redisEngine, type RedisClient } from '../src/index.ts'
import { ownServer, type OwnServer } from './own-server.ts'

/** The settings of the README, with shorter times and a shorter queue. */
const ioredis = { socketTimeout: 500, retryStrategy: () => 20 }
const nodeRedis = {
  commandsQueueMaxLength: 50,
  pingInterval: 200,
  socket: { socketTimeout: 500, reconnectStrategy: 20 },
}

type Client = RedisClient & {
  on(event: 'error', listener: () => void): unknown
  once(event: 'reconnecting', listener: () => void): unknown
  connect(): Promise<unknown>
  disconnect(): unknown
}

const clients: Readonly<Record<string, (url: string) => Client>> = {
  'node-redis 6': (url) => createClient({ ...nodeRedis, url }),
  'node-redis 5': (url) => createClient5({ ...nodeRedis, url }),
  'ioredis 6': (url) => new Redis(url, { ...ioredis, lazyConnect: true }),
  'ioredis 5': (url) => new Redis5(url, { ...ioredis, lazyConnect: true }),
}

describe.each(Object.entries(clients))('a connection of %s that goes silent', (_, make) => {
  let server: OwnServer
  beforeAll(async () => {
    server = await ownServer()
  })
  afterAll(async () => server.close())

  it('is closed, although requests keep writing to it', async () => {
    const proxy = await proxyTo(server.port)
    const client = make(`redis://127.0.0.1:${proxy.port}`)
    client.on('error', () => undefined)
    await client.connect()
    const load = await startLoad(redisEngine(client, { timeout: 100 }), 20)
    await load.acknowledged(50)

    const givenUp = new Promise<void>((resolve) => client.once('reconnecting', resolve))
    proxy.hang()
    await givenUp
    proxy.resume()
    await load.acknowledged(50)

    expectKept(await load.stop())
    await client.disconnect()
    await proxy.close()
  })
})
