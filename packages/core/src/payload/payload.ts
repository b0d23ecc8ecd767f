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
  /** What the application put there. */
  readonly data: Dictionary
  /** The session's own expiry. */
  readonly expiry: StoredExpiry | undefined
  /** When it was created, in epoch seconds. */
  readonly created: number | undefined
  /** What another program keeps under keys like core's own, as django-session-security does: it is kept. */
  readonly foreign: Dictionary | undefined
}

/** What a session's stored text says. */
export interface Payload extends Content {
  /** The id that took the place of this one when the key was rotated: then this record is a marker, and no session. */
  readonly successor: string | undefined
}

/** An empty dictionary. */
export function emptyDictionary(): Dictionary {
  return Object.setPrototypeOf({}, null) as Dictionary
}

/** A copy without a prototype. Taking it away afterwards leaves an object that is faster to read, walk and print. */
function toDictionary(value: object): Dictionary {
  return Object.setPrototypeOf({ ...value }, null) as Dictionary
}

/** The payload of a session that holds nothing: a new one each time, since sessions take their dictionary over. */
export function emptyPayload(): Payload {
  return {
    data: emptyDictionary(),
    expiry: undefined,
    created: undefined,
    foreign: undefined,
    successor: undefined,
  }
}

/** Whether a key is like core's own, and so no key of the dictionary. */
export function isReserved(key: string): boolean {
  return key.startsWith(RESERVED)
}

/** What a deserialised value says; undefined where it is not a dictionary. */
export function readPayload(value: unknown): Payload | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const data = toDictionary(value)
  const { [EXPIRY]: expiry, [CREATED]: created, [SUCCESSOR]: successor } = data
  const foreign = takeReserved(data)
  return {
    data,
    // JSON reads 1e400 as Infinity, which nothing can write again.
    expiry:
      Number.isFinite(expiry) || typeof expiry === 'string' ? (expiry as StoredExpiry) : undefined,
    created: typeof created === 'number' && Number.isFinite(created) ? created : undefined,
    foreign,
    successor: typeof successor === 'string' ? successor : undefined,
  }
}

/** Takes the reserved keys out of a dictionary, and returns those that are not core's own. */
function takeReserved(data: Dictionary): Dictionary | undefined {
  let foreign: Dictionary | undefined
  for (const key in data) {
    if (!isReserved(key)) continue
    if (!OWN.includes(key)) (foreign ??= emptyDictionary())[key] = data[key]
    delete data[key]
  }
  return foreign
}

/** The value to serialise for a session. Its order is fixed, so that equal sessions have equal texts. */
export function payloadValue({ data, expiry, created, foreign }: Content): Dictionary {
  const reserved = Object.keys(data).find(isReserved)
  if (reserved !== undefined) {
    throw new SessionSerializationError(
      `${reserved} is a key of the library's own: choose one that does not begin with ${RESERVED}.`,
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
