import { platform } from '@sessions/core/platform'
import type { Format } from './format.ts'
import { deriveKey, inOne, lazyKeys, remembered } from './keys.ts'
import { pack, readDeadline, unpack, writeDeadline } from './payload.ts'

/** The version of the format, with an uncompressed or a compressed payload. */
const PLAIN = 's1'
const COMPRESSED = 'z1'
const PARTS = /^([sz]1)\.([\w-]*)\.(-?[\da-z]+)$/

/**
 * The signed format: four parts, separated by dots. They are the version, the payload in URL-safe base64, the deadline
 * in base 36, and an HMAC-SHA-256 of these three and the cookie's name.
 */
export function signedFormat(secrets: readonly string[]): Format {
  const keys = lazyKeys(secrets, (secret) => platform.secretKey(deriveKey(secret, 'sign 1', 32)))
  const named = remembered((cookieName) => inOne(cookieName))

  const sign = (body: string, cookieName: string, index: number): string => {
    // The same as `inOne(cookieName, body)`, because each character of a body is one byte.
    const signed = `${named(cookieName)}${body.length}:${body}`
    return platform.hmacBase64Url('sha256', keys.at(index), signed)
  }
  /** The index of the secret that signed the body, or -1. */
  const signerOf = (body: string, cookieName: string, signature: string): number => {
    const actual = platform.utf8(signature)
    for (let index = 0; index < keys.count; index += 1) {
      const expected = platform.utf8(sign(body, cookieName, index))
      if (platform.timingSafeEqual(expected, actual)) return index
    }
    return -1
  }

  return {
    seal({ data, expiresAt }, { cookieName }) {
      const { text, compressed } = pack(data)
      const version = compressed ? COMPRESSED : PLAIN
      const body = `${version}.${text}.${writeDeadline(expiresAt)}`
      return `${body}.${sign(body, cookieName, 0)}`
    },

    unseal(value, { cookieName }) {
      const end = value.lastIndexOf('.')
      const body = value.slice(0, Math.max(end, 0))
      const [, version, text = '', deadline = ''] = PARTS.exec(body) ?? []
      if (version === undefined) return undefined
      const signer = signerOf(body, cookieName, value.slice(end + 1))
      if (signer < 0) return undefined
      const data = unpack({ text, compressed: version === COMPRESSED })
      const expiresAt = readDeadline(deadline)
      if (data === undefined || expiresAt === undefined) return undefined
      return { data, expiresAt, renew: signer > 0 }
    },
  }
}
