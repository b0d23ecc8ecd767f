import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'

/** The servers that the tests need. */
type Name = 'redis' | 'redis-cluster' | 'redis-sentinel'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The URLs of the servers that the run has started, by name. */
    services: Readonly<Partial<Record<Name, string>>>
  }
}

/** The URL of a server of this run. */
export function serviceUrl(name: Name): string {
  const url = inject('services')[name]
  if (url === undefined) throw new Error(`This run has started no ${name}.`)
  return url
}

/** A key prefix that no other test uses, in this run or another one on the same server. */
export function freshPrefix(): string {
  return `test:${randomBytes(8).toString('hex')}:`
}
