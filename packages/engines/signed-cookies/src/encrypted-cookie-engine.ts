import type { CookieEngine, UnsealedRecord } from '@sessions/core'
import { platform } from '@sessions/core/platform'
import { deriveKey, inOne, lazyKeys, remembered } from './keys.ts'
import { checkedChunks, checkedSecrets, type CookieOptions } from './options.ts'
import { readDeadline, writeDeadline } from './payload.ts'

/** The version of the format. */
const VERSION = 'e1.'
const ID_BYTES = 4
const NONCE_BYTES = 12
const HEAD_BYTES = ID_BYTES + NONCE_BYTES

/** What is made of a secret. */
interface SealingKey {
  readonly key: Uint8Array
  /** Says in each value which secret has sealed it. Derived like the key, it tells nothing of the secret. */
  readonly id: Uint8Array
}

/**
 * Keeps each session in its own cookie, encrypted with AES-256-GCM: the client can neither read nor change it. There is
 * no store, and so nothing to set up; see the README for what such a session cannot do.
 *
 * Nothing is compressed: the size of a cookie would tell whoever watches it about the secrets in a session, where they
 * can put text of their own beside them.
 *
 * @throws {InvalidSettingError} when an option makes no sense, or a secret is too short.
 * @example
 * app.use(sessions({ engine: encryptedCookieEngine({ secretKey: process.env.SECRET_KEY }) }))
 */
export function encryptedCookieEngine(options: CookieOptions): CookieEngine {
  const chunks = checkedChunks(options)
  const keys = lazyKeys(checkedSecrets(options), sealingKey)
  /** What is authenticated beside the session. */
  const bound = remembered((cookieName) => platform.utf8(inOne(VERSION, cookieName)))

  return {
    name: 'encrypted-cookies',
    chunks,

    seal({ data, expiresAt }, { cookieName }) {
      const { key, id } = keys.at(0)
      const nonce = platform.randomBytes(NONCE_BYTES)
      const plain = platform.utf8(`${writeDeadline(expiresAt)}.${data}`)
      const sealed = platform.aesGcmSeal(key, nonce, plain, bound(cookieName))
      const bytes = new Uint8Array(HEAD_BYTES + sealed.byteLength)
      bytes.set(id)
      bytes.set(nonce, ID_BYTES)
      bytes.set(sealed, HEAD_BYTES)
      return VERSION + platform.base64Url(bytes)
    },

    unseal(value, { cookieName }) {
      const bytes = unwrap(value)
      if (bytes === undefined || bytes.byteLength < HEAD_BYTES) return undefined
      const nonce = bytes.subarray(ID_BYTES, HEAD_BYTES)
      for (let index = 0; index < keys.count; index += 1) {
        const { key, id } = keys.at(index)
        if (!beginsWith(bytes, id)) continue
        const plain = platform.aesGcmOpen(key, nonce, bytes.subarray(HEAD_BYTES), bound(cookieName))
        if (plain !== undefined) return parse(platform.fromUtf8(plain) ?? '', index > 0)
      }
      return undefined
    },
  }
}

function sealingKey(secret: string): SealingKey {
  return {
    key: deriveKey(secret, 'encrypt 1', 32),
    id: deriveKey(secret, 'encrypt 1, key id', ID_BYTES),
  }
}

function unwrap(value: string): Uint8Array | undefined {
  // Padding would be a second way to write the same value.
  if (!value.startsWith(VERSION) || value.endsWith('=')) return undefined
  return platform.fromBase64Url(value.slice(VERSION.length))
}

/** Read by hand: a method with a callback takes as long as a tenth of the rest. */
function beginsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  for (let index = 0; index < start.byteLength; index += 1) {
    if (bytes[index] !== start[index]) return false
  }
  return true
}

function parse(plain: string, renew: boolean): UnsealedRecord | undefined {
  const dot = plain.indexOf('.')
  const expiresAt = readDeadline(plain.slice(0, Math.max(dot, 0)))
  return expiresAt === undefined ? undefined : { data: plain.slice(dot + 1), expiresAt, renew }
}
