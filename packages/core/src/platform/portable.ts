import { gcm } from '@noble/ciphers/aes.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha1 } from '@noble/hashes/legacy.js'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { Inflate, zlibSync } from 'fflate'

import type { Platform, SecretKey } from './contract.ts'

export type { HashAlgorithm, Platform, SecretKey } from './contract.ts'

const hashes = { sha1, sha256, sha512 }

/** The platform on all other runtimes: pure, synchronous JavaScript, which needs only the globals of web runtimes. */
export const platform: Platform = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  randomBytes,

  utf8,
  fromUtf8,
  latin1,
  fromLatin1,
  base64Url,
  fromBase64Url,

  hash: (algorithm, data) => hashes[algorithm](data),
  sha256Hex: (text) => bytesToHex(sha256(utf8(text))),
  secretKey: (bytes) => bytes.slice() as unknown as SecretKey,
  hmacBase64Url: (algorithm, key, text) =>
    base64Url(hmac(hashes[algorithm], bytesOf(key), utf8(text))),
  hkdf: (secret, salt, info, length) => hkdf(sha256, secret, salt, info, length),
  timingSafeEqual,

  aesGcmSeal: (key, nonce, data, aad) => gcm(bytesOf(key), nonce, aad).encrypt(data),
  aesGcmOpen,

  deflate: (data) => zlibSync(data, { level: 6 }),
  inflate,
}

/** The most bytes that `getRandomValues` fills per call. */
const RANDOM_BYTES = 65_536

function randomBytes(size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  for (let start = 0; start < bytes.length; start += RANDOM_BYTES) {
    crypto.getRandomValues(bytes.subarray(start, start + RANDOM_BYTES))
  }
  return bytes
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function utf8(text: string): Uint8Array {
  return encoder.encode(text)
}

function fromUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

function latin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}

/** How many arguments to spread into one call: JavaScript engines limit their number. */
const ARGUMENTS = 4096

function fromLatin1(bytes: Uint8Array): string {
  // Not TextDecoder, whose latin1 is windows-1252 (Encoding Standard).
  let text = ''
  for (let start = 0; start < bytes.length; start += ARGUMENTS) {
    text += String.fromCharCode(...bytes.subarray(start, start + ARGUMENTS))
  }
  return text
}

function base64Url(bytes: Uint8Array): string {
  return withoutPadding(btoa(fromLatin1(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
}

function fromBase64Url(text: string): Uint8Array | undefined {
  let bytes: Uint8Array
  try {
    bytes = latin1(atob(text.replaceAll('-', '+').replaceAll('_', '/')))
  } catch {
    return undefined
  }
  // atob also accepts white space, unused bits that are not zero, and the other alphabet. It has checked the padding.
  return base64Url(bytes) === withoutPadding(text) ? bytes : undefined
}

function withoutPadding(text: string): string {
  if (text.endsWith('==')) return text.slice(0, -2)
  return text.endsWith('=') ? text.slice(0, -1) : text
}

function timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0)
  return difference === 0
}

function bytesOf(key: SecretKey): Uint8Array {
  return key as unknown as Uint8Array
}

function aesGcmOpen(
  key: SecretKey,
  nonce: Uint8Array,
  sealed: Uint8Array,
  aad: Uint8Array,
): Uint8Array | undefined {
  if (nonce.length !== 12 || sealed.length < 16) return undefined

  const cipher = gcm(bytesOf(key), nonce, aad)
  try {
    return cipher.decrypt(sealed)
  } catch {
    return undefined
  }
}

/** How many bytes to inflate at once. deflate expands at most 1032-fold, so a bomb exceeds `maxBytes` by a megabyte at most. */
const PUSH_BYTES = 1024

/**
 * A final deflate block of one byte, which shows whether the data was complete: the inflater does not tell, but outputs this
 * block only if it has not seen the end of the data.
 */
const PROBE = Uint8Array.of(0x01, 0x01, 0x00, 0xfe, 0xff, 0x00)

function inflate(data: Uint8Array, maxBytes: number): Uint8Array | undefined {
  // The streaming inflater checks neither header nor trailer.
  if (!isZlib(data)) return undefined

  const parts: Uint8Array[] = []
  let size = 0
  const inflater = new Inflate((part) => {
    size += part.length
    if (size > maxBytes) throw new RangeError('The data inflates to more than is allowed')
    parts.push(part)
  })
  try {
    const body = data.subarray(2, -4)
    for (let start = 0; start < body.length; start += PUSH_BYTES) {
      inflater.push(body.subarray(start, start + PUSH_BYTES))
    }
    const end = size
    inflater.push(PROBE, true)
    if (size !== end) return undefined
  } catch {
    return undefined
  }

  const bytes = concat(parts, size)
  const trailer = data.subarray(-4)
  return adler32(bytes) === new DataView(trailer.buffer, trailer.byteOffset).getUint32(0)
    ? bytes
    : undefined
}

/** Whether a zlib header (RFC 1950, section 2.2) is valid: deflate, a window of at most 32 KiB, no preset dictionary. */
function isZlib(data: Uint8Array): boolean {
  const [method = 0, flags = 0] = data
  return (
    data.length >= 8 &&
    (method & 0x0f) === 8 &&
    method >> 4 <= 7 &&
    ((method << 8) | flags) % 31 === 0 &&
    (flags & 0x20) === 0
  )
}

function concat(parts: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  let start = 0
  for (const part of parts) {
    bytes.set(part, start)
    start += part.length
  }
  return bytes
}

/** How many bytes can be added before a sum may exceed 32 bits. */
const ADLER_BYTES = 3800

/** The Adler-32 checksum (RFC 1950, section 8). */
function adler32(bytes: Uint8Array): number {
  let low = 1
  let high = 0
  for (let start = 0; start < bytes.length; start += ADLER_BYTES) {
    for (const byte of bytes.subarray(start, start + ADLER_BYTES)) {
      low += byte
      high += low
    }
    low %= 65_521
    high %= 65_521
  }
  return high * 65_536 + low
}
