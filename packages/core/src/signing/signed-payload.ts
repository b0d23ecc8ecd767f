import { platform } from '@sessions/core/platform'

import { BadSignatureError, SessionSerializationError } from '../errors.ts'

/**
 * What a payload may inflate to, in bytes: 16 MiB, far more than a session and far less than a process has. A larger
 * one is not compressed when it is written, so that whatever was written can be read.
 *
 * @internal
 */
export const MAX_INFLATED_BYTES: number = 16 * 1024 * 1024

/**
 * Writes JSON text as Django's signing does: ASCII only, compressed where that saves something, URL-safe base64, with a
 * dot before what is compressed.
 *
 * @param json JSON text: outside of JSON, the escapes would be another text.
 */
export function encodePayload(json: string, compress: boolean): string {
  const bytes = platform.latin1(escapeNonAscii(json))
  if (compress && bytes.byteLength <= MAX_INFLATED_BYTES) {
    const compressed = platform.deflate(bytes)
    if (compressed.byteLength < bytes.byteLength - 1) return `.${platform.base64Url(compressed)}`
  }
  return platform.base64Url(bytes)
}

/**
 * The JSON text of a payload whose signature was verified; still to be parsed, and possibly no JSON.
 *
 * @throws {BadSignatureError} when it is not base64, or where its dot says compressed, is not that or inflates to more
 * than `MAX_INFLATED_BYTES`; the `cause` says which
 */
export function decodePayload(payload: string): string {
  const compressed = payload.startsWith('.')
  const bytes = platform.fromBase64Url(compressed ? payload.slice(1) : payload)
  if (bytes === undefined) throw refused(new TypeError('It is not URL-safe base64'))
  if (!compressed) return platform.fromLatin1(bytes)

  const inflated = platform.inflate(bytes, MAX_INFLATED_BYTES)
  if (inflated === undefined) {
    throw refused(new TypeError(`It is not zlib data of at most ${MAX_INFLATED_BYTES} bytes`))
  }
  return platform.fromLatin1(inflated)
}

/**
 * A value as JSON text.
 *
 * @throws {SessionSerializationError} when there is none, for a function, a BigInt or a circle
 */
export function toJson(value: unknown): string {
  let json: string | undefined
  try {
    json = JSON.stringify(value)
  } catch (cause) {
    throw new SessionSerializationError('the value cannot be written as JSON.', { cause })
  }
  if (json === undefined) throw new SessionSerializationError(`${typeof value} is not JSON.`)
  return json
}

/**
 * The value of JSON text whose signature was verified.
 *
 * @throws {BadSignatureError} when it is not JSON
 */
export function fromJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    // What JSON.parse throws quotes the text.
    throw refused(new SyntaxError('It is not JSON'))
  }
}

function refused(cause: Error): BadSignatureError {
  return new BadSignatureError('The signature matches, but what it signs is no payload.', { cause })
}

/**
 * Escapes what is not printable ASCII, UTF-16 unit by unit, as Python does. Line breaks and tabs stay, because JSON has
 * them between its tokens alone, where an escape would be an error.
 */
function escapeNonAscii(json: string): string {
  return json.replace(/[^\t\n\r\x20-\x7e]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
