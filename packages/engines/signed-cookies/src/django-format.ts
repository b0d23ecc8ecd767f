import { isSessionError, TimestampSigner } from '@sessions/core'
import type { Format } from './format.ts'
import type { CookieOptions } from './options.ts'

const SALT = 'django.contrib.sessions.backends.signed_cookies'
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/**
 * The format of Django's `signed_cookies` backend: the payload, the time and the signature, separated by colons.
 *
 * @throws {InvalidSettingError} when a secret is empty.
 */
export function djangoFormat({ secretKey, secretKeyFallbacks }: CookieOptions): Format {
  let time = 0
  const clock = { now: () => time }
  const signer = new TimestampSigner({ secretKey, secretKeyFallbacks, salt: SALT, clock })

  return {
    seal({ data }, { now }) {
      time = now
      return signer.signText(data, { compress: true })
    },

    unseal(value, { cookieAge }) {
      try {
        const data = signer.unsignText(value)
        const sealedAt = signedAt(value) * 1000
        // Django refuses a signature that is older than the age, but accepts one that is exactly as old.
        const expiresAt = sealedAt + cookieAge * 1000 + 1
        return { data, expiresAt, renew: signer.signedByFallback(value), sealedAt }
      } catch (error) {
        if (isSessionError(error)) return undefined
        throw error
      }
    },
  }
}

/** The time in a value that verifies, in epoch seconds: in base 62, between the last two colons. */
function signedAt(value: string): number {
  const [digits = ''] = value.split(':').slice(-2)
  let seconds = 0
  for (const digit of digits.replace('-', '')) seconds = seconds * 62 + ALPHABET.indexOf(digit)
  return digits.startsWith('-') ? -seconds : seconds
}
