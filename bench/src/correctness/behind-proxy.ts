import type { Places } from '../contenders/places.ts'
import { delayingProxy, type DelayingProxy } from './delaying-proxy.ts'

/** The addresses of stores, one of them replaced by a proxy's. */
export interface ProxiedPlaces {
  readonly proxied: Places
  /** Undefined for stores that are not reached over the network. */
  readonly proxy: DelayingProxy | undefined
}

/** Puts a delaying proxy in front of a store. */
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
