import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The URLs of the servers that the run has started, by name; Django is the path of a Python that has it. */
    services: Readonly<Partial<Record<'postgres' | 'mysql' | 'django', string>>>
  }
}

/** The URL of a server of this run, or the path of Django's Python. */
export function serviceUrl(name: 'postgres' | 'mysql' | 'django'): string {
  const url = inject('services')[name]
  if (url === undefined) throw new Error(`This run has started no ${name}.`)
  return url
}

/** A table name that no other test uses, in this run or another one on the same server. */
export function freshTable(): string {
  return `test_${randomBytes(8).toString('hex')}`
}
