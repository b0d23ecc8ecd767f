import { inject } from 'vitest'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The URLs of the servers that the run has started, by name. */
    services: Readonly<Partial<Record<'redis' | 'memcached' | 'postgres', string>>>
  }
}

/** The URLs of the servers of this run. */
export function serviceUrls(): { readonly redis: string; readonly postgres: string } {
  const { redis, postgres } = inject('services')
  if (redis === undefined || postgres === undefined) throw new Error('This run has no servers.')
  return { redis, postgres }
}
