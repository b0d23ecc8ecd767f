/** The hash functions that signing can be built on. */
export type HashAlgorithm = 'sha1' | 'sha256' | 'sha512'

declare const made: unique symbol

/** A secret that HMAC or AES are to use, as the machine below keeps those. */
export interface SecretKey {
  readonly [made]: 'by secretKey'
}

/**
 * Everything that the core needs of the machine below it. Two implementations, chosen by export conditions:
 * `node:crypto` and `node:zlib`, and pure JavaScript for every other runtime. Nothing here runs while a module loads.
 *
 * Bytes that are handed out may be a view on a larger buffer: read them by `byteOffset` and `byteLength`.
 */
export interface Platform {
  /** The time in epoch milliseconds. */
  now(): number
  /** Resolves after so many milliseconds. */
  sleep(milliseconds: number): Promise<void>
  /** Cryptographically secure random bytes, never handed out twice and the caller's own to change. */
  randomBytes(size: number): Uint8Array

  /** UTF-8 of a text. A lone surrogate becomes U+FFFD. */
  utf8(text: string): Uint8Array
  /** The text of UTF-8, a byte order mark included, or undefined where the bytes are not UTF-8. */
  fromUtf8(bytes: Uint8Array): string | undefined
  /** One byte for each character up to U+00FF; callers pass no others. */
  latin1(text: string): Uint8Array
  /** One character for each byte. */
  fromLatin1(bytes: Uint8Array): string
  /** URL-safe base64 without padding (RFC 4648, section 5). */
  base64Url(bytes: Uint8Array): string
  /**
   * What URL-safe base64 stands for, padding or not, or undefined where the text is not that. Bits that stand for
   * nothing must be zero (RFC 4648, section 3.5), so that no two texts stand for the same bytes.
   */
  fromBase64Url(text: string): Uint8Array | undefined

  /** The digest of the data. */
  hash(algorithm: HashAlgorithm, data: Uint8Array): Uint8Array
  /** SHA-256 of the text's UTF-8, in lower-case hex. */
  sha256Hex(text: string): string
  /** Prepares a secret that is to be used many times. What becomes of the bytes afterwards does not matter. */
  secretKey(bytes: Uint8Array): SecretKey
  /** HMAC (RFC 2104) of the text's UTF-8, in URL-safe base64. */
  hmacBase64Url(algorithm: HashAlgorithm, key: SecretKey, text: string): string
  /** HKDF with SHA-256 (RFC 5869). The info has at most 1024 bytes, the result at most 8160. */
  hkdf(secret: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array
  /** Compares in a time that does not depend on where the two differ; two of unequal length are not equal. */
  timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean

  /** AES-256-GCM: the ciphertext followed by the tag of 16 bytes. The key has 32 bytes, the nonce 12. */
  aesGcmSeal(key: SecretKey, nonce: Uint8Array, data: Uint8Array, aad: Uint8Array): Uint8Array
  /** The plaintext, or undefined where key, nonce, ciphertext or additional data do not belong together. */
  aesGcmOpen(
    key: SecretKey,
    nonce: Uint8Array,
    sealed: Uint8Array,
    aad: Uint8Array,
  ): Uint8Array | undefined

  /** zlib (RFC 1950) at level 6. */
  deflate(data: Uint8Array): Uint8Array
  /**
   * What zlib data holds, or undefined where it is corrupt, cut, followed by something else, or inflates to more than
   * `maxBytes` (at least 1). Never holds much more than that in memory.
   */
  inflate(data: Uint8Array, maxBytes: number): Uint8Array | undefined
}
