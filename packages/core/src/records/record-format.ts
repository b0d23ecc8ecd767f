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

/** A record for the engine, and the serialised text that its data encodes; undefined if it does not decode. */
export interface RenewedRecord {
  readonly record: SessionRecord
  readonly text: string | undefined
}

/** A record for the engine that was just encoded. */
export interface EncodedRecord extends RenewedRecord {
  readonly text: string
}

/** What planning a write has determined: the time, and the session's text if planning had to serialise it. */
export interface Draft {
  readonly now: number
  readonly text?: string | undefined
}

/** What a record is made from. */
type Storable = Pick<SessionState, 'data' | 'expiry' | 'created' | 'foreign' | 'origin'>

/** Converts sessions to records, and the data of records to payloads. */
export class RecordFormat {
  readonly #settings: ResolvedSettings

  constructor(settings: ResolvedSettings) {
    this.#settings = settings
  }

  /** Makes the record to store. With `absoluteAge`, sets the session's creation time if it has none. */
  record(session: Storable, { now, text }: Draft): EncodedRecord {
    if (this.#settings.absoluteAge !== undefined && session.created === undefined) {
      session.created = Math.floor(now / 1000)
      return this.record(session, { now })
    }
    const written = text ?? this.#text(session)
    return { record: this.touched(session, this.#encode(written), now), text: written }
  }

  /** Makes a record of encoded data, with a new deadline. */
  touched(session: Storable, data: string, now: number): SessionRecord {
    const { attributes } = this.#settings
    const record = { data, expiresAt: deadline(session, now, session.origin.policy) }
    if (attributes === undefined) return record
    return { ...record, attributes: computeAttributes(attributes, session.data) }
  }

  /**
   * Makes a record of the data that is stored, with a new deadline. If `absoluteAge` is set and the session has no creation
   * time, it gets one: it would otherwise be renewed forever.
   */
  renewed(state: SessionState, stored: Stored, now: number): RenewedRecord {
    const dated = this.#settings.absoluteAge === undefined || state.created !== undefined
    if (dated || stored.text === undefined)
      return { record: this.touched(state, stored.data, now), text: stored.text }
    state.created = Math.floor(now / 1000)
    const { payload } = this.read(stored.data)
    return this.record({ ...payload, created: state.created, origin: state.origin }, { now })
  }

  /** Makes a record that stores the same data and deadline again. */
  unchanged({ data, expiresAt }: Stored): SessionRecord {
    const { attributes } = this.#settings
    if (attributes === undefined) return { data, expiresAt }
    return {
      data,
      expiresAt,
      attributes: computeAttributes(attributes, this.read(data).payload.data),
    }
  }

  /** Makes the marker that takes the place of a rotated record for `rotationGrace`. */
  marker(successor: string, expiresAt: number): SessionRecord {
    const data = this.#encode(this.#dumps(markerValue(successor)))
    return { data, expiresAt: Math.floor(expiresAt) }
  }

  /**
   * Decodes a record's data.
   *
   * @throws when the codec or the serializer throws, or the payload is not a dictionary. The error goes into an event, so its
   *   message quotes nothing of the payload.
   */
  read(data: string): { readonly payload: Payload; readonly text: string } {
    const { codec, serializer } = this.#settings
    const text = codec === undefined ? data : decodeBy('codec', () => codec.decode(data))
    const payload = readPayload(decodeBy('serializer', () => serializer.loads(text)))
    if (payload === undefined) throw new TypeError('The payload is not a dictionary.')
    return { payload, text }
  }

  /**
   * Returns the session's text if the session has changed since it was loaded or stored, or since `modified` was set to
   * false; otherwise undefined.
   */
  changedText(state: SessionState): string | undefined {
    const stored = state.dropped ?? state.stored?.text
    if (stored === undefined) return state.filled ? this.#text(state) : undefined
    const text = this.#text(state)
    return text === stored || (!state.replaced && text === this.#reprinted(stored))
      ? undefined
      : text
  }

  /** Serialises a stored text again: what another JSON printer wrote, such as Python's, may differ without a change. */
  #reprinted(stored: string): string | undefined {
    const payload = readPayload(this.#settings.serializer.loads(stored))
    return payload && this.#text(payload)
  }

  #text(content: Content): string {
    return this.#dumps(payloadValue(content))
  }

  #dumps(value: unknown): string {
    return encodeBy('serializer', () => this.#settings.serializer.dumps(value))
  }

  #encode(text: string): string {
    const { codec } = this.#settings
    return codec === undefined ? text : encodeBy('codec', () => codec.encode(text))
  }
}

function decodeBy<T>(what: string, call: () => T): T {
  try {
    return call()
  } catch (error) {
    if (isSessionError(error)) throw error
    const name = error instanceof Error ? error.name : typeof error
    // oxlint-disable-next-line preserve-caught-error -- its message may quote the payload
    throw new Error(`The ${what} cannot read the payload: it threw ${name}.`)
  }
}

/** Returns the text that a serializer or codec makes. Throws if it is not a string: an application's could be asynchronous. */
function encodeBy(what: string, call: () => unknown): string {
  let made: unknown
  try {
    made = call()
  } catch (cause) {
    if (isSessionError(cause)) throw cause
    throw new SessionSerializationError(`the ${what} threw an error, see its \`cause\`.`, { cause })
  }
  if (typeof made === 'string') return made
  const kind = made instanceof Promise ? 'a Promise' : typeof made
  throw new SessionSerializationError(
    `the ${what} must return a string synchronously, and returned ${kind}.`,
  )
}
