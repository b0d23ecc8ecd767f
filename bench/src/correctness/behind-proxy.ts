import type { Places } from '../contenders/places.ts'
import { delayingProxy, type DelayingProxy } from './delaying-proxy.ts'

/** Stores, one of which is reached through a proxy. */
export interface ProxiedPlaces {
  readonly proxied: Places
  /** undefined where the store is not reached by a network. */
  readonly proxy: DelayingProxy | undefined
}

/** Puts a proxy before a store. */
export async function behindProxy(family: string, places: Places): Promise<ProxiedPlaces> {
  if (family !== 'redis' && family !== 'postgres' && family !== 'memcached') {
    return { proxied: places, proxy: undefined }
  }
  const url = new URL(family === 'memcached' ? `tcp://${places.memcached}` : places[family])
  const proxy = await delayingProxy(url.hostname, Number(url.port))
  url.port = String(proxy.port)
  const proxied = { ...places, [family]: family === 'memcached' ? url.host : url.href }
  return { proxied, proxy }
}
