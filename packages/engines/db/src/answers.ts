import type { Row } from './rows.ts'

/*
 * A reply without the server's result, such as some clients return for a lost connection, is a failure. Otherwise it
 * would count as an absent session, or as one that another request has ended.
 */

/**
 * The rows of a reply.
 *
 * @throws {Error} when it has no list of rows, not even an empty one.
 */
export function rowsIn(answer: unknown): readonly Row[] {
  if (Array.isArray(answer)) return answer
  throw noOutcome()
}

/**
 * A count in a reply, which may be a number or text.
 *
 * @throws {Error} when there is none.
 */
export function countIn(value: unknown): number {
  const count = value === null ? NaN : Number(value)
  if (Number.isNaN(count)) throw noOutcome()
  return count
}

/** The error of a reply without the server's result. */
export function noOutcome(): Error {
  return new Error(
    "The client answered without the server's result, so whether the statement took effect is unknown.",
  )
}
