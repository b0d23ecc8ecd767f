import { checkOptions, type CookieEngine } from '@sessions/core'
import { encryptedFormat } from './encrypted-format.ts'
import { checkedChunks, checkedSecrets, cookieOptions, type CookieOptions } from './options.ts'
import { rememberingFormat } from './remembering-format.ts'

/**
 * Keeps each session in its own cookie, encrypted with AES-256-GCM: the client can neither read nor change it. There is
 * no store, and so nothing to set up; see the README for what such a session cannot do.
 *
 * @throws {InvalidSettingError} when an option is unknown or invalid, or a secret is too short.
 * @example
 * app.use(sessions({ engine: encryptedCookieEngine({ secretKey: process.env['SECRET_KEY'] ?? '' }) }))
 */
export function encryptedCookieEngine(options: CookieOptions): CookieEngine {
  checkOptions('encryptedCookieEngine', options, cookieOptions)
  const chunks = checkedChunks(options)
  const format = encryptedFormat(checkedSecrets(options))
  return { name: 'encrypted-cookies', chunks, ...rememberingFormat(format) }
}
