export { encryptedCookieEngine } from './encrypted-cookie-engine.ts'
export { signedCookieEngine, type SignedCookieOptions } from './signed-cookie-engine.ts'
export type { CookieOptions } from './options.ts'
