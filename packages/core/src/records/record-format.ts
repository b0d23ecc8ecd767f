import type { SessionRecord } from '../engine/engine.ts'
import { computeAttributes } from '../payload/attributes.ts'
import { decodeBy, encodeBy } from '../payload/conversion.ts'
import { markerValue, type Payload, readPayload } from '../payload/payload.ts'
import { sessionText } from '../payload/session-text.ts'
import { deadline } from '../session/expiry.ts'
import type { SessionState } from '../session/session-state.ts'
import type { Stored } from '../session/stored.ts'
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
    const written = text ?? sessionText(session, this.#settings.serializer)
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
    const { serializer } = this.#settings
    const text = encodeBy('serializer', () => serializer.dumps(markerValue(successor)))
    return { data: this.#encode(text), expiresAt: Math.floor(expiresAt) }
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

  #encode(text: string): string {
    const { codec } = this.#settings
    return codec === undefined ? text : encodeBy('codec', () => codec.encode(text))
  }
}
