import type { CookieEngine } from '@sessions/core'

/** How a cookie's value is made and read. */
export type Format = Pick<CookieEngine, 'seal' | 'unseal'>
