import type { Dictionary } from '../data.ts'
import { SessionSerializationError } from '../errors.ts'
import type { StoredExpiry } from '../session/expiry.ts'

const RESERVED = '_session_'
const EXPIRY = '_session_expiry'
const CREATED = '_session_created'
const SUCCESSOR = '_session_successor'
const OWN: readonly string[] = [EXPIRY, CREATED, SUCCESSOR]

/** What a session holds. */
export interface Content {
  /** The application's data. */
  readonly data: Dictionary
  /** The session's own expiry. */
  readonly expiry: StoredExpiry | undefined
  /** When it was created, in epoch seconds. */
  readonly created: number | undefined
  /** Reserved keys that another program wrote, such as django-session-security: they are preserved. */
  readonly foreign: Dictionary | undefined
}

/** A stored payload. */
export interface Payload extends Content {
  /** The id of the session's new record, if its key was rotated: this record is then a marker, not a session. */
  readonly successor: string | undefined
}

export function emptyDictionary(): Dictionary {
  return Object.setPrototypeOf({}, null) as Dictionary
}

/**
 * Copies an object without its prototype. Copying first and removing the prototype afterwards gives an object that is faster
 * to read, iterate and serialise than one created without a prototype.
 */
function toDictionary(value: object): Dictionary {
  return Object.setPrototypeOf({ ...value }, null) as Dictionary
}

/** An empty payload: a new object each time, because sessions keep and change its dictionary. */
export function emptyPayload(): Payload {
  return {
    data: emptyDictionary(),
    expiry: undefined,
    created: undefined,
    foreign: undefined,
    successor: undefined,
  }
}

/** Whether a key begins with `_session_`: such keys are not part of the application's data. */
export function isReserved(key: string): boolean {
  return key.startsWith(RESERVED)
}

/** Reads a payload from its deserialised value; undefined if that is not an object. */
export function readPayload(value: unknown): Payload | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const data = toDictionary(value)
  const { [EXPIRY]: expiry, [CREATED]: created, [SUCCESSOR]: successor } = data
  const foreign = takeReserved(data)
  return {
    data,
    // JSON.parse reads 1e400 as Infinity, which JSON cannot represent.
    expiry:
      Number.isFinite(expiry) || typeof expiry === 'string' ? (expiry as StoredExpiry) : undefined,
    created: typeof created === 'number' && Number.isFinite(created) ? created : undefined,
    foreign,
    successor: typeof successor === 'string' ? successor : undefined,
  }
}

/** Removes the reserved keys from a dictionary, and returns those that another program wrote. */
function takeReserved(data: Dictionary): Dictionary | undefined {
  let foreign: Dictionary | undefined
  for (const key in data) {
    if (!isReserved(key)) continue
    if (!OWN.includes(key)) (foreign ??= emptyDictionary())[key] = data[key]
    delete data[key]
  }
  return foreign
}

/** The value to serialise for a session. Reserved keys come last, in a fixed order, so that equal sessions have equal texts. */
export function payloadValue({ data, expiry, created, foreign }: Content): Dictionary {
  const reserved = Object.keys(data).find(isReserved)
  if (reserved !== undefined) {
    throw new SessionSerializationError(
      `${reserved} is reserved: choose a key that does not begin with ${RESERVED}.`,
    )
  }
  if (expiry === undefined && created === undefined && foreign === undefined) return data
  const value: Dictionary = { ...data, ...foreign }
  if (expiry !== undefined) value[EXPIRY] = expiry
  if (created !== undefined) value[CREATED] = created
  return value
}

/** The value to serialise for the marker that a rotation leaves behind. */
export function markerValue(successor: string): Dictionary {
  return { [SUCCESSOR]: successor }
}
