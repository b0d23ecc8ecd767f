import type { SessionRecord } from '../engine/engine.ts'
import { isSessionError, SessionSerializationError } from '../errors.ts'
import { computeAttributes } from '../payload/attributes.ts'
import {
  type Content,
  markerValue,
  type Payload,
  payloadValue,
  readPayload,
} from '../payload/payload.ts'
import { deadline } from '../session/expiry.ts'
import type { SessionState, Stored } from '../session/session-state.ts'
import type { ResolvedSettings } from '../settings/settings.ts'

/** A record, and the serialised text that its data encodes. The engine sees only the encoded data. */
export interface EncodedRecord {
  readonly record: SessionRecord
  readonly text: string
}

/** What became known of a session by planning: when that was, and its text where that had to be written for it. */
export interface Draft {
  readonly now: number
  readonly text?: string | undefined
}

/** What is stored of a session, and what rules its deadline. */
type Storable = Pick<SessionState, 'data' | 'expiry' | 'created' | 'foreign' | 'origin'>

/** How a session becomes a record, and a record's data a payload again. */
export class RecordFormat {
  readonly #settings: ResolvedSettings

  constructor(settings: ResolvedSettings) {
    this.#settings = settings
  }

  /** The record to store, with its text. A session that has no creation time gets one, where `absoluteAge` counts from it. */
  record(session: Storable, { now, text }: Draft): EncodedRecord {
    if (this.#settings.absoluteAge !== undefined && session.created === undefined) {
      session.created = Math.floor(now / 1000)
      return this.record(session, { now })
    }
    const written = text ?? this.#text(session)
    return { record: this.touched(session, this.#encode(written), now), text: written }
  }

  /** The record with the data that is stored, and a new deadline. */
  touched(session: Storable, data: string, now: number): SessionRecord {
    const { attributes } = this.#settings
    const record = { data, expiresAt: deadline(session, now, session.origin.policy) }
    if (attributes === undefined) return record
    return { ...record, attributes: computeAttributes(attributes, session.data) }
  }

  /** A record as it is stored, to be stored once more. */
  unchanged({ data, expiresAt }: Stored): SessionRecord {
    const { attributes } = this.#settings
    if (attributes === undefined) return { data, expiresAt }
    return {
      data,
      expiresAt,
      attributes: computeAttributes(attributes, this.read(data).payload.data),
    }
  }

  /** The record that takes the place of a rotated one for a while. */
  marker(successor: string, expiresAt: number): SessionRecord {
    const data = this.#encode(this.#dumps(markerValue(successor)))
    return { data, expiresAt: Math.floor(expiresAt) }
  }

  /**
   * What a record's data says.
   *
   * @throws where codec or serializer refuse it, and where it is no dictionary. The error ends in an event, so it is one
   * whose message quotes nothing of the payload.
   */
  read(data: string): { readonly payload: Payload; readonly text: string } {
    const { codec, serializer } = this.#settings
    const text = codec === undefined ? data : refusing('codec', () => codec.decode(data))
    const payload = readPayload(refusing('serializer', () => serializer.loads(text)))
    if (payload === undefined) throw new TypeError('The payload is not a dictionary.')
    return { payload, text }
  }

  /** The session's text, where it differs from what was stored, or was not to be. */
  changedText(state: SessionState): string | undefined {
    const stored = state.dropped ?? state.stored?.text
    if (stored === undefined) return state.filled ? this.#text(state) : undefined
    const text = this.#text(state)
    return text === stored || (!state.replaced && text === this.#reprinted(stored))
      ? undefined
      : text
  }

  /** A stored text as it would be written here: one that another JSON printer wrote says the same. */
  #reprinted(stored: string): string | undefined {
    const payload = readPayload(this.#settings.serializer.loads(stored))
    return payload && this.#text(payload)
  }

  #text(content: Content): string {
    return this.#dumps(payloadValue(content))
  }

  #dumps(value: unknown): string {
    return textBy('serializer', () => this.#settings.serializer.dumps(value))
  }

  #encode(text: string): string {
    const { codec } = this.#settings
    return codec === undefined ? text : textBy('codec', () => codec.encode(text))
  }
}

function refusing<T>(what: string, call: () => T): T {
  try {
    return call()
  } catch (error) {
    if (isSessionError(error)) throw error
    const name = error instanceof Error ? error.name : typeof error
    // oxlint-disable-next-line preserve-caught-error -- its message may quote the payload
    throw new Error(`The ${what} refuses the payload with a ${name}.`)
  }
}

/** The text that a serializer or codec returns. They are the application's, and may return a promise, which is refused. */
function textBy(what: string, call: () => unknown): string {
  let made: unknown
  try {
    made = call()
  } catch (cause) {
    if (isSessionError(cause)) throw cause
    throw new SessionSerializationError(`the ${what} refuses it.`, { cause })
  }
  if (typeof made === 'string') return made
  const kind = made instanceof Promise ? 'a Promise' : typeof made
  throw new SessionSerializationError(`the ${what} must make a text, at once, and made ${kind}.`)
}
