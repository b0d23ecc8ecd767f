import { keepServer } from '../services/keep-server.ts'
import type { ServedEngine } from './engines.ts'

/** Opens memcached at `memcached://host:port,host:port`, or two private servers that end with this process. */
export async function openMemcached(url: string | undefined): Promise<ServedEngine> {
  const { memcachedClient, memcachedEngine } =
    await import('../../packages/engines/memcached/src/index.ts')
  const server = url === undefined ? await keepServer('memcached') : undefined
  const servers = (url ?? server?.url ?? '').replace(/^\w+:\/\//, '').replace(/\/$/, '')
  const client = memcachedClient(servers.split(','))
  return {
    engine: memcachedEngine(client),
    async close() {
      client.close()
      await server?.close()
    },
  }
}
