import type { UnsealedRecord } from '@sessions/core'
import { platform, type SecretKey } from '@sessions/core/platform'
import type { Format } from './format.ts'
import { deriveKey, inOne, lazyKeys, remembered } from './keys.ts'
import { readDeadline, writeDeadline } from './payload.ts'

/** The version of the format. */
const VERSION = 'e1.'
/** A multiple of three, as the nonce's is, so that each can be written in base64 by itself. */
const ID_BYTES = 6
const NONCE_BYTES = 12

/** What is derived from a secret. */
interface SealingKey {
  readonly key: SecretKey
  /**
   * The beginning of each value that the key seals: the version, and an id of the secret. The id is derived as the key
   * is, and reveals nothing about the secret.
   */
  readonly head: string
}

/**
 * The version, a key id, and in URL-safe base64 a random nonce and the deadline and session, encrypted with
 * AES-256-GCM: the client can neither read nor change them. The cookie's name is authenticated as well.
 *
 * Nothing is compressed: somebody who can put text of their own into a session could learn about the secrets in it from
 * the size of the cookie.
 */
export function encryptedFormat(secrets: readonly string[]): Format {
  const keys = lazyKeys(secrets, sealingKey)
  /** What is authenticated beside the session. */
  const bound = remembered((cookieName) => platform.utf8(inOne(VERSION, cookieName)))

  return {
    seal({ data, expiresAt }, { cookieName }) {
      const { key, head } = keys.at(0)
      const nonce = platform.randomBytes(NONCE_BYTES)
      const plain = platform.utf8(`${writeDeadline(expiresAt)}.${data}`)
      const sealed = platform.aesGcmSeal(key, nonce, plain, bound(cookieName))
      return head + platform.base64Url(nonce) + platform.base64Url(sealed)
    },

    unseal(value, { cookieName }) {
      for (let index = 0; index < keys.count; index += 1) {
        const { key, head } = keys.at(index)
        if (!value.startsWith(head)) continue
        const bytes = unwrap(value.slice(head.length))
        if (bytes === undefined) return undefined
        const nonce = bytes.subarray(0, NONCE_BYTES)
        const sealed = bytes.subarray(NONCE_BYTES)
        const plain = platform.aesGcmOpen(key, nonce, sealed, bound(cookieName))
        if (plain !== undefined) return parse(platform.fromUtf8(plain) ?? '', index > 0)
      }
      return undefined
    },
  }
}

function sealingKey(secret: string): SealingKey {
  const id = deriveKey(secret, 'encrypt 1, key id', ID_BYTES)
  return {
    key: platform.secretKey(deriveKey(secret, 'encrypt 1', 32)),
    head: VERSION + platform.base64Url(id),
  }
}

function unwrap(text: string): Uint8Array | undefined {
  // Padding would be a second way to write the same value.
  return text.endsWith('=') ? undefined : platform.fromBase64Url(text)
}

function parse(plain: string, renew: boolean): UnsealedRecord | undefined {
  const dot = plain.indexOf('.')
  const expiresAt = readDeadline(plain.slice(0, Math.max(dot, 0)))
  return expiresAt === undefined ? undefined : { data: plain.slice(dot + 1), expiresAt, renew }
}
