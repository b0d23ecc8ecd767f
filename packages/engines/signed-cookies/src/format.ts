import type { CookieEngine } from '@sessions/core'

/** How a cookie's value comes to be, and is read. */
export type Format = Pick<CookieEngine, 'seal' | 'unseal'>
