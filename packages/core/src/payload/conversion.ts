import { isSessionError, SessionSerializationError } from '../errors.ts'

/** Calls an application's serializer or codec to write. Throws if the result is not a string: it could be asynchronous. */
export function encodeBy(what: 'serializer' | 'codec', call: () => unknown): string {
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

/** Calls an application's serializer or codec to read. Its error goes into an event, so the message quotes nothing. */
export function decodeBy<T>(what: 'serializer' | 'codec', call: () => T): T {
  try {
    return call()
  } catch (error) {
    if (isSessionError(error)) throw error
    const name = error instanceof Error ? error.name : typeof error
    // oxlint-disable-next-line preserve-caught-error -- its message may quote the payload
    throw new Error(`The ${what} cannot read the payload: it threw ${name}.`)
  }
}
