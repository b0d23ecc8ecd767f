import { toJson } from '../json.ts'

/** Converts a session's data to text and back. Both methods are synchronous. */
export interface Serializer {
  /** Returns the text of a value. Throws if `loads` could not restore the value from it. */
  dumps(value: unknown): string
  /** Returns the value of a text. Throws if the text is invalid: the session is then empty, and reported as `suspicious`. */
  loads(text: string): unknown
}

/**
 * The default serializer, plain JSON. `dumps` throws `SessionSerializationError`, with the path, for values that JSON would
 * change silently: a Date, a Map, NaN, `undefined` in an array, an instance of a class, and so on. As in JSON, a property
 * that is `undefined` is left out, and -0 becomes 0.
 */
export const jsonSerializer: Serializer = Object.freeze({
  dumps(value: unknown): string {
    return toJson(value, 'Store a value that JSON can represent, or set another `serializer`.')
  },
  loads(text: string): unknown {
    return JSON.parse(text)
  },
})
