import type { Row } from './rows.ts'

/*
 * An answer that does not say how a call ended, such as that of a lost connection, is a failure. Otherwise it would
 * count as an absent session, or as one that another request has ended.
 */

/**
 * The rows of an answer.
 *
 * @throws {Error} when it has no list of rows, not even an empty one.
 */
export function rowsIn(answer: unknown): readonly Row[] {
  if (Array.isArray(answer)) return answer
  throw noOutcome()
}

/**
 * The number in an answer, as a number or as text.
 *
 * @throws {Error} when there is none.
 */
export function countIn(given: unknown): number {
  const count = given === null ? NaN : Number(given)
  if (Number.isNaN(count)) throw noOutcome()
  return count
}

/** The error of an answer that does not say how a call ended. */
export function noOutcome(): Error {
  return new Error(
    'The client answered a call without the outcome that the server reports. Nobody knows whether it was carried out.',
  )
}
