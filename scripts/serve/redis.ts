import { createRequire } from 'node:module'
import type { NodeRedis } from '../../packages/engines/redis/src/index.ts'
import { keepServer } from '../services/keep-server.ts'
import type { ServedEngine } from './engines.ts'

interface Client extends NodeRedis {
  on(event: 'error' | 'ready', listener: () => void): unknown
  connect(): Promise<unknown>
  destroy(): void
}

interface Redis {
  createClient(options: {
    url: string
    socket: { reconnectStrategy: (retries: number) => number | false }
  }): Client
  createCluster(options: { rootNodes: readonly { url: string }[] }): Client
}

/** Opens Redis through node-redis: the server at the URL, or a private one that ends with this process. */
export async function openRedis(url: string | undefined): Promise<ServedEngine> {
  return open('redis', url, ({ createClient }, server) => {
    let isConnected = false
    // Fails if the first attempt does, instead of retrying in silence.
    const reconnectStrategy = (retries: number) => isConnected && Math.min(50 * retries, 500)
    const client = createClient({ url: server, socket: { reconnectStrategy } })
    client.on('ready', () => {
      isConnected = true
    })
    return client
  })
}

/** Opens a Redis Cluster through node-redis: by one node's URL, or a private cluster that ends with this process. */
export async function openRedisCluster(url: string | undefined): Promise<ServedEngine> {
  return open('redis-cluster', url, ({ createCluster }, node) =>
    createCluster({ rootNodes: [{ url: node }] }),
  )
}

async function open(
  name: 'redis' | 'redis-cluster',
  url: string | undefined,
  create: (redis: Redis, url: string) => Client,
): Promise<ServedEngine> {
  const { redisEngine } = await import('../../packages/engines/redis/src/index.ts')
  const server = url === undefined ? await keepServer(name) : undefined
  const from = new URL('../../packages/engines/redis/package.json', import.meta.url)
  const redis = createRequire(from)('redis') as Redis
  const client = create(redis, url ?? server?.url ?? '')
  // Without a listener, a lost connection would crash this process.
  client.on('error', () => undefined)
  await client.connect()
  return {
    engine: redisEngine(client),
    async close() {
      client.destroy()
      await server?.close()
    },
  }
}
