import { checkOptions, InvalidSettingError, type CookieEngine } from '@sessions/core'
import { djangoFormat } from './django-format.ts'
import { checkedChunks, checkedSecrets, cookieOptions, type CookieOptions } from './options.ts'
import { rememberingFormat } from './remembering-format.ts'
import { signedFormat } from './signed-format.ts'

/** The options of `signedCookieEngine`. Only `secretKey` is required. */
export interface SignedCookieOptions extends CookieOptions {
  /**
   * `'django'` is the format of Django's `signed_cookies` backend, byte for byte, for a site that runs beside Django or
   * moves away from it. The secrets are then Django's `SECRET_KEY` and `SECRET_KEY_FALLBACKS`, of any length. Django's
   * rules apply: a session ends `cookie.age` seconds after it was last saved, whatever `setExpiry` says, the cookie's
   * name is not signed, and there are no `chunks`.
   *
   * @default 'sessions'
   */
  readonly format?: 'sessions' | 'django' | undefined
}

/**
 * Keeps each session in its own cookie, signed: the client can read it, but not change it. There is no store, and so
 * nothing to set up; see the README for what such a session cannot do.
 *
 * @throws {InvalidSettingError} when an option is unknown or invalid, or a secret is too short.
 * @example
 * app.use(sessions({ engine: signedCookieEngine({ secretKey: process.env['SECRET_KEY'] ?? '' }) }))
 */
export function signedCookieEngine(options: SignedCookieOptions): CookieEngine {
  checkOptions('signedCookieEngine', options, { ...cookieOptions, format: 'checked elsewhere' })
  const { format = 'sessions' } = options
  const chunks = checkedChunks(options)
  switch (format) {
    case 'sessions': {
      const signed = rememberingFormat(signedFormat(checkedSecrets(options)))
      return { name: 'signed-cookies', chunks, ...signed }
    }
    case 'django':
      if (chunks > 1) {
        throw new InvalidSettingError(
          'chunks',
          "cannot be used with the format 'django': Django reads a single cookie. Leave them out.",
        )
      }
      return { name: 'signed-cookies', encodes: true, ...djangoFormat(options) }
    default:
      throw new InvalidSettingError('format', "must be 'sessions' or 'django'.")
  }
}
