/** The hash functions for signing. */
export type HashAlgorithm = 'sha1' | 'sha256' | 'sha512'

declare const made: unique symbol

/** A key for HMAC or AES, in the form that the platform uses. */
export interface SecretKey {
  readonly [made]: 'by secretKey'
}

/**
 * Everything that core needs from the runtime. There are two implementations, chosen by export conditions: `node:crypto` and
 * `node:zlib`, and pure JavaScript for all other runtimes. Nothing here runs while a module loads.
 *
 * A returned `Uint8Array` may be a view of a larger buffer: respect its `byteOffset` and `byteLength`.
 */
export interface Platform {
  /** Returns the current time in epoch milliseconds. */
  now(): number
  /** Resolves after the given number of milliseconds. */
  sleep(milliseconds: number): Promise<void>
  /** Returns cryptographically secure random bytes, which are never reused, in an array that the caller may change. */
  randomBytes(size: number): Uint8Array

  /** Encodes a string as UTF-8. A lone surrogate becomes U+FFFD. */
  utf8(text: string): Uint8Array
  /** Decodes UTF-8 and keeps a byte order mark; undefined if the bytes are not UTF-8. */
  fromUtf8(bytes: Uint8Array): string | undefined
  /** Encodes each character as one byte. The characters must not be above U+00FF. */
  latin1(text: string): Uint8Array
  /** Decodes each byte as one character. */
  fromLatin1(bytes: Uint8Array): string
  /** Encodes bytes in URL-safe base64 without padding (RFC 4648, section 5). */
  base64Url(bytes: Uint8Array): string
  /**
   * Decodes URL-safe base64, with or without padding; undefined if the text is invalid. Unused bits must be zero (RFC 4648,
   * section 3.5), so that, padding aside, no two texts decode to the same bytes.
   */
  fromBase64Url(text: string): Uint8Array | undefined

  /** Returns the digest of the data. */
  hash(algorithm: HashAlgorithm, data: Uint8Array): Uint8Array
  /** Returns the SHA-256 of the text's UTF-8, in lower-case hex. */
  sha256Hex(text: string): string
  /** Prepares a key that is used many times. Changing the bytes afterwards has no effect on it. */
  secretKey(bytes: Uint8Array): SecretKey
  /** HMAC (RFC 2104) of the text's UTF-8, in URL-safe base64. */
  hmacBase64Url(algorithm: HashAlgorithm, key: SecretKey, text: string): string
  /** HKDF with SHA-256 (RFC 5869). `info` may have at most 1024 bytes, the result at most 8160. */
  hkdf(secret: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array
  /** Compares in constant time for arrays of the same length; false if the lengths differ. */
  timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean

  /** Encrypts with AES-256-GCM: returns the ciphertext and a tag of 16 bytes. The key has 32 bytes, the nonce 12. */
  aesGcmSeal(key: SecretKey, nonce: Uint8Array, data: Uint8Array, aad: Uint8Array): Uint8Array
  /** Decrypts the result of `aesGcmSeal`; undefined if key, nonce, ciphertext, tag and additional data do not match. */
  aesGcmOpen(
    key: SecretKey,
    nonce: Uint8Array,
    sealed: Uint8Array,
    aad: Uint8Array,
  ): Uint8Array | undefined

  /** Compresses as zlib data (RFC 1950) at level 6. */
  deflate(data: Uint8Array): Uint8Array
  /**
   * Decompresses zlib data; undefined if it is corrupt, truncated, followed by other data, or inflates to more than
   * `maxBytes` (at least 1). Never holds much more than `maxBytes` in memory.
   */
  inflate(data: Uint8Array, maxBytes: number): Uint8Array | undefined
}
