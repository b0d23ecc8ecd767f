import * as ioredis6 from 'ioredis'
import * as ioredis5 from 'ioredis5'
import * as redis6 from 'redis'
import * as redis5 from 'redis5'
import type { RedisClient } from '../src/index.ts'

/** A connected client, and how to close it. */
export interface Connected {
  readonly client: RedisClient
  readonly close: () => unknown
}

/** Connects a client to the server at a URL. */
export type Connect = (url: string) => Promise<Connected>

/** The delay between a client's attempts to reconnect, in milliseconds. */
const RETRY = 50

const socket = { reconnectStrategy: RETRY } as const

/** Clients of one server. */
export const singles: Readonly<Record<string, Connect>> = {
  'node-redis 6': async (url) => {
    const client = redis6.createClient({ url, socket })
    client.on('error', ignore)
    await client.connect()
    return { client, close: () => client.destroy() }
  },
  'node-redis 5': async (url) => {
    const client = redis5.createClient({ url, socket })
    client.on('error', ignore)
    await client.connect()
    return { client, close: () => client.destroy() }
  },
  'ioredis 6': async (url) => {
    const client = new ioredis6.Redis(url, { retryStrategy: () => RETRY })
    client.on('error', ignore)
    return { client, close: () => client.disconnect() }
  },
  'ioredis 5': async (url) => {
    const client = new ioredis5.Redis(url, { retryStrategy: () => RETRY })
    client.on('error', ignore)
    return { client, close: () => client.disconnect() }
  },
}

/** Clients of a cluster, each of which is given one of its nodes. */
export const clusters: Readonly<Record<string, Connect>> = {
  'node-redis 6': async (url) => {
    const client = redis6.createCluster({ rootNodes: [{ url }], defaults: { socket } })
    client.on('error', ignore)
    await client.connect()
    return { client, close: () => client.destroy() }
  },
  'node-redis 5': async (url) => {
    const client = redis5.createCluster({ rootNodes: [{ url }], defaults: { socket } })
    client.on('error', ignore)
    await client.connect()
    return { client, close: () => client.destroy() }
  },
  'ioredis 6': async (url) => {
    const client = new ioredis6.Cluster([url], { clusterRetryStrategy: () => RETRY })
    client.on('error', ignore)
    return { client, close: () => client.disconnect() }
  },
  'ioredis 5': async (url) => {
    const client = new ioredis5.Cluster([url], { clusterRetryStrategy: () => RETRY })
    client.on('error', ignore)
    return { client, close: () => client.disconnect() }
  },
}

/** Clients that ask a sentinel where the master is. */
export const sentinels: Readonly<Record<string, Connect>> = {
  'node-redis 6': async (url) => {
    const { name, host, port } = sentinelOf(url)
    const client = redis6.createSentinel({ name, sentinelRootNodes: [{ host, port }] })
    client.on('error', ignore)
    await client.connect()
    return { client, close: async () => client.destroy() }
  },
  'node-redis 5': async (url) => {
    const { name, host, port } = sentinelOf(url)
    const client = redis5.createSentinel({ name, sentinelRootNodes: [{ host, port }] })
    client.on('error', ignore)
    await client.connect()
    return { client, close: async () => client.destroy() }
  },
  'ioredis 6': async (url) => {
    const { name, host, port } = sentinelOf(url)
    const client = new ioredis6.Redis({ name, sentinels: [{ host, port }] })
    client.on('error', ignore)
    return { client, close: () => client.disconnect() }
  },
  'ioredis 5': async (url) => {
    const { name, host, port } = sentinelOf(url)
    const client = new ioredis5.Redis({ name, sentinels: [{ host, port }] })
    client.on('error', ignore)
    return { client, close: () => client.disconnect() }
  },
}

/** Clients emit `error` when they lose their connection, as many tests make them do. */
function ignore(): void {}

function sentinelOf(url: string): { name: string; host: string; port: number } {
  const { hostname, port, pathname } = new URL(url)
  return { name: pathname.slice(1), host: hostname, port: Number(port) }
}
