import Memcached from 'memcached'
import { promisify } from 'node:util'
import type { Places } from '../places.ts'
import { AGE, type Kv } from './kv.ts'

/** A client of the package `memcached`, with its default pool of ten connections. */
export const memcachedClient = ({ memcached }: Places): Memcached => new Memcached(memcached)

/** Plain memcached commands. */
export function memcachedKv(client: Memcached): Kv {
  const get = promisify<string, string | undefined>(client.get.bind(client))
  const set = promisify<string, string, number, boolean>(client.set.bind(client))
  const remove = promisify<string, boolean>(client.del.bind(client))
  return { get, set: (key, text) => set(key, text, AGE), delete: remove }
}
