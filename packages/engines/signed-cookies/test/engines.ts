import type { CookieContext, CookieEngine } from '@sessions/core'
import { encryptedCookieEngine, signedCookieEngine, type CookieOptions } from '../src/index.ts'
import { SECRET } from './visitor.ts'

/** Creates an engine; the options need no secret. */
export type Make = (options?: Partial<CookieOptions>) => CookieEngine

/** The engines whose formats are this library's own. */
export const own: readonly (readonly [name: string, make: Make])[] = [
  ['signedCookieEngine', (options) => signedCookieEngine({ secretKey: SECRET, ...options })],
  ['encryptedCookieEngine', (options) => encryptedCookieEngine({ secretKey: SECRET, ...options })],
]

/** Every engine. */
export const all: readonly (readonly [name: string, make: Make])[] = [
  ...own,
  [
    "signedCookieEngine in Django's format",
    (options) => signedCookieEngine({ secretKey: SECRET, ...options, format: 'django' }),
  ],
]

/** The context that core passes to an engine. */
export const CONTEXT: CookieContext = {
  cookieName: 'sessionid',
  cookieAge: 1_209_600,
  now: Date.UTC(2026, 0, 1),
}

/** A record as core passes it to an engine. */
export const RECORD: { readonly data: string; readonly expiresAt: number } = {
  data: '{"user":"ada","cart":[1,2,3]}',
  expiresAt: CONTEXT.now + CONTEXT.cookieAge * 1000,
}
