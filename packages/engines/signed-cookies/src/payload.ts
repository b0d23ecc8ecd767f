import { platform } from '@sessions/core/platform'

/** A payload as a cookie holds it. */
export interface Payload {
  /** URL-safe base64. */
  readonly text: string
  readonly compressed: boolean
}

/** A payload above this size, in bytes, may be worth compressing. */
const COMPRESSED_FROM = 1024
/** The most that a payload may inflate to, in bytes; a larger one is never compressed. */
const MOST_BYTES = 1_048_576

/** Packs a session's data. Compresses it if it is large and becomes shorter. */
export function pack(data: string): Payload {
  const bytes = platform.utf8(data)
  if (bytes.byteLength > COMPRESSED_FROM && bytes.byteLength <= MOST_BYTES) {
    const deflated = platform.deflate(bytes)
    if (deflated.byteLength < bytes.byteLength) {
      return { text: platform.base64Url(deflated), compressed: true }
    }
  }
  return { text: platform.base64Url(bytes), compressed: false }
}

/** Unpacks a payload; undefined if it is not valid, or inflates to too much. */
export function unpack({ text, compressed }: Payload): string | undefined {
  const packed = platform.fromBase64Url(text)
  const bytes = packed && compressed ? platform.inflate(packed, MOST_BYTES) : packed
  return bytes && platform.fromUtf8(bytes)
}

/** Encodes a deadline, in whole epoch milliseconds. */
export function writeDeadline(expiresAt: number): string {
  return expiresAt.toString(36)
}

/** Decodes a deadline; undefined if the text is not one. */
export function readDeadline(text: string): number | undefined {
  const deadline = Number.parseInt(text, 36)
  return Number.isSafeInteger(deadline) ? deadline : undefined
}
