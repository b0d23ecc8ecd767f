import type { CookieEngine } from '@sessions/core'

/** How a cookie's value is sealed and unsealed. */
export type Format = Pick<CookieEngine, 'seal' | 'unseal'>
