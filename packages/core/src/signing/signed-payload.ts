import { platform } from '@sessions/core/platform'

import { BadSignatureError } from '../errors.ts'

/**
 * The maximum size of an inflated payload, in bytes: 16 MiB, which is far more than a session needs and far less than a
 * process can hold. A larger payload is written uncompressed, so that it can be read again.
 *
 * @internal
 */
export const MAX_INFLATED_BYTES: number = 16 * 1024 * 1024

/**
 * Encodes JSON text as Django's signing does: as ASCII, compressed if that makes it shorter, in URL-safe base64. A leading
 * dot marks compressed text.
 *
 * @param json JSON text. Any other text would change, because non-ASCII characters become JSON escapes.
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
 * Decodes a payload whose signature was verified. Returns its text without parsing it, so it may not be JSON.
 *
 * @throws {BadSignatureError} when the payload is not base64, or when it is marked as compressed but is not zlib data, or
 *   inflates to more than `MAX_INFLATED_BYTES`. The `cause` says which.
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
 * Parses JSON text whose signature was verified.
 *
 * @throws {BadSignatureError} when it is not JSON.
 */
export function fromJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    // Without the error of JSON.parse, which quotes the text.
    throw refused(new SyntaxError('It is not JSON'))
  }
}

function refused(cause: Error): BadSignatureError {
  return new BadSignatureError('The signature matches, but the signed text is not a payload.', {
    cause,
  })
}

/**
 * Escapes everything but printable ASCII, one UTF-16 code unit at a time, as Python does. Line breaks and tabs stay: in JSON
 * they occur only between tokens, where an escape would be invalid.
 */
function escapeNonAscii(json: string): string {
  return json.replace(/[^\t\n\r\x20-\x7e]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
