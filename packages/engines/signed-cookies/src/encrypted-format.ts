import type { UnsealedRecord } from '@sessions/core'
import { platform, type SecretKey } from '@sessions/core/platform'
import type { Format } from './format.ts'
import { deriveKey, inOne, lazyKeys, remembered } from './keys.ts'
import { readDeadline, writeDeadline } from './payload.ts'

/** The version of the format. */
const VERSION = 'e1.'
/** A multiple of three, like the nonce's size, so that each can be encoded in base64 separately. */
const ID_BYTES = 6
const NONCE_BYTES = 12

/** What the engine derives from a secret. */
interface SealingKey {
  readonly key: SecretKey
  /**
   * The prefix of every value that the key seals: the version, and an id of the secret. The id is derived like the key,
   * and reveals nothing about the secret.
   */
  readonly head: string
}

/**
 * The encrypted format: the version, and in URL-safe base64 a key id, a random nonce, and the deadline and session
 * under AES-256-GCM. The client can neither read nor change them. The cookie's name is authenticated as well.
 *
 * Nothing is compressed: the size of the cookie would reveal something about the secrets in a session to anybody who
 * can put text into it.
 */
export function encryptedFormat(secrets: readonly string[]): Format {
  const keys = lazyKeys(secrets, sealingKey)
  /** The additional data that is authenticated: the version and the cookie's name. */
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
  // Padding would allow a second spelling of the same value.
  return text.endsWith('=') ? undefined : platform.fromBase64Url(text)
}

function parse(plain: string, renew: boolean): UnsealedRecord | undefined {
  const dot = plain.indexOf('.')
  const expiresAt = readDeadline(plain.slice(0, Math.max(dot, 0)))
  return expiresAt === undefined ? undefined : { data: plain.slice(dot + 1), expiresAt, renew }
}
