import { encodeBy } from './conversion.ts'
import { type Content, payloadValue, readPayload } from './payload.ts'
import type { Serializer } from './serializer.ts'

/**
 * The text of a session, which a codec may encode before it is stored.
 *
 * @throws {SessionSerializationError} when a value cannot be stored.
 */
export function sessionText(content: Content, serializer: Serializer): string {
  return encodeBy('serializer', () => serializer.dumps(payloadValue(content)))
}

/** Serialises a text again: what another JSON printer wrote, such as Python's, may differ without a change. */
export function reprintedText(text: string, serializer: Serializer): string | undefined {
  const payload = readPayload(serializer.loads(text))
  return payload && sessionText(payload, serializer)
}
