import { platform } from '@sessions/core/platform'

/** A payload as a cookie holds it. */
export interface Payload {
  /** URL-safe base64. */
  readonly text: string
  readonly compressed: boolean
}

/** Above this size, in bytes, compressing a payload may be worth its time. */
const COMPRESSED_FROM = 1024
/** What a payload may inflate to, in bytes; a larger one is not compressed in the first place. */
const MOST_BYTES = 1_048_576

/** Packs a session's data, compressed if it is large and that makes it shorter. */
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

/** The data that was packed, or undefined if it is not a payload, or inflates to too much. */
export function unpack({ text, compressed }: Payload): string | undefined {
  const packed = platform.fromBase64Url(text)
  const bytes = packed && compressed ? platform.inflate(packed, MOST_BYTES) : packed
  return bytes && platform.fromUtf8(bytes)
}

/** A deadline in whole epoch milliseconds, as text. */
export function writeDeadline(expiresAt: number): string {
  return expiresAt.toString(36)
}

/** The deadline, or undefined if the text is not one. */
export function readDeadline(text: string): number | undefined {
  const deadline = Number.parseInt(text, 36)
  return Number.isSafeInteger(deadline) ? deadline : undefined
}
