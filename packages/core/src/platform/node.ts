import { Buffer } from 'node:buffer'
import * as crypto from 'node:crypto'
import { setTimeout } from 'node:timers'
import { TextDecoder } from 'node:util'
import * as zlib from 'node:zlib'

import type { Platform, SecretKey } from './contract.ts'

export type { HashAlgorithm, Platform, SecretKey } from './contract.ts'

/** The machine below, where it has `node:crypto` and `node:zlib`: native and synchronous. */
export const platform: Platform = {
  now: () => Date.now(),
  // Not the global timer: tests that fake it would otherwise hold up requests that wait for each other.
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  randomBytes,

  utf8: (text) => Buffer.from(text, 'utf8'),
  fromUtf8,
  latin1: (text) => Buffer.from(text, 'latin1'),
  fromLatin1: (bytes) => view(bytes).toString('latin1'),
  base64Url: (bytes) => view(bytes).toString('base64url'),
  fromBase64Url,

  hash: (algorithm, data) => crypto.createHash(algorithm).update(data).digest(),
  sha256Hex,
  // Bytes that are given in its place cost Node 24 another 12 microseconds each time, three times what is done with them.
  secretKey: (bytes) => crypto.createSecretKey(bytes) as object as SecretKey,
  // As text from the start: bytes of their own take longer to make than the HMAC.
  hmacBase64Url: (algorithm, key, text) =>
    crypto.createHmac(algorithm, keyObject(key)).update(text, 'utf8').digest('base64url'),
  hkdf: (secret, salt, info, length) =>
    new Uint8Array(crypto.hkdfSync('sha256', secret, salt, info, length)),
  // The native one throws where the lengths differ.
  timingSafeEqual: (a, b) => a.byteLength === b.byteLength && crypto.timingSafeEqual(a, b),

  aesGcmSeal,
  aesGcmOpen,

  // The chunk is what the output is allocated by, 16 KiB where nothing is said: too much for a session.
  deflate: (data) =>
    zlib.deflateSync(data, { level: 6, chunkSize: clamp(data.byteLength, 64, 16_384) }),
  inflate,
}

const POOL_BYTES = 4096
let pool: Uint8Array<ArrayBuffer> | undefined
let taken = 0

/** A system call costs far more than the few bytes of a session key, so that many are asked for at once. */
function randomBytes(size: number): Uint8Array {
  // What is no size at all goes the same way, to be refused or rounded by the constructor.
  const fromPool = Number.isInteger(size) && size >= 0 && size <= POOL_BYTES / 8
  if (!fromPool) return crypto.randomFillSync(new Uint8Array(size))

  if (pool === undefined || taken + size > POOL_BYTES) {
    pool = crypto.randomFillSync(pool ?? new Uint8Array(POOL_BYTES))
    taken = 0
  }
  const bytes = pool.slice(taken, taken + size)
  pool.fill(0, taken, taken + size)
  taken += size
  return bytes
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function fromUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

function fromBase64Url(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64url')
  // Buffer skips what it does not know: what it has read must be all there was.
  const canonical = bytes.toString('base64url')
  return text === canonical || text === padded(canonical) ? bytes : undefined
}

function padded(text: string): string {
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}

function sha256Hex(text: string): string {
  // Half the time of createHash. Other runtimes that offer node:crypto need not have it.
  return typeof crypto.hash === 'function'
    ? crypto.hash('sha256', text, 'hex')
    : crypto.createHash('sha256').update(text, 'utf8').digest('hex')
}

function keyObject(key: SecretKey): crypto.KeyObject {
  return key as object as crypto.KeyObject
}

const TAG_BYTES = 16
const CIPHER_OPTIONS = { authTagLength: TAG_BYTES }

function aesGcmSeal(
  key: SecretKey,
  nonce: Uint8Array,
  data: Uint8Array,
  aad: Uint8Array,
): Uint8Array {
  const cipher = crypto.createCipheriv('aes-256-gcm', keyObject(key), nonce, CIPHER_OPTIONS)
  cipher.setAAD(aad)
  return Buffer.concat([cipher.update(data), cipher.final(), cipher.getAuthTag()])
}

function aesGcmOpen(
  key: SecretKey,
  nonce: Uint8Array,
  sealed: Uint8Array,
  aad: Uint8Array,
): Uint8Array | undefined {
  if (nonce.byteLength !== 12 || sealed.byteLength < TAG_BYTES) return undefined

  const cipher = crypto.createDecipheriv('aes-256-gcm', keyObject(key), nonce, CIPHER_OPTIONS)
  cipher.setAAD(aad)
  cipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  const plain = cipher.update(sealed.subarray(0, -TAG_BYTES))
  try {
    // There is nothing left to come: GCM makes a byte of each byte.
    cipher.final()
    return plain
  } catch {
    return undefined
  }
}

/** What `inflateSync` answers under its `info` option, which the types of Node do not know. */
interface Inflated {
  readonly buffer: Uint8Array
  readonly engine: { readonly bytesWritten: number }
}

function inflate(data: Uint8Array, maxBytes: number): Uint8Array | undefined {
  let inflated: unknown
  try {
    inflated = zlib.inflateSync(data, { maxOutputLength: maxBytes, info: true })
  } catch {
    return undefined
  }
  const { buffer, engine } = inflated as Inflated
  // zlib stops at the end of its data, whatever follows there.
  return engine.bytesWritten === data.byteLength ? buffer : undefined
}

function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high)
}
