import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The URLs of the servers that the run has started, by name. */
    services: Readonly<Partial<Record<'memcached', string>>>
  }
}

/** The servers of this run, as `host:port`. */
export function services(): readonly string[] {
  const url = inject('services').memcached
  if (url === undefined) throw new Error('This run has started no memcached.')
  return url.replace('memcached://', '').split(',')
}

/** A key prefix that no other test uses, in this run or another one on the same servers. */
export function freshPrefix(): string {
  return `test:${randomBytes(8).toString('hex')}:`
}
