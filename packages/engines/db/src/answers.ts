import type { Row } from './rows.ts'

/*
 * An answer that does not say how a call ended, as that of a connection which was lost, is a failure. Taken as it comes, it
 * would be an absent session, or one that another request has ended.
 */

/**
 * The rows of an answer.
 *
 * @throws {Error} when it has none, not even none at all.
 */
export function rowsIn(answer: unknown): readonly Row[] {
  if (Array.isArray(answer)) return answer
  throw nothingSaid()
}

/**
 * The number that an answer says, as a number or as text.
 *
 * @throws {Error} when it says none.
 */
export function countIn(said: unknown): number {
  const count = said === null ? NaN : Number(said)
  if (Number.isNaN(count)) throw nothingSaid()
  return count
}

/** The error of an answer that says nothing. */
export function nothingSaid(): Error {
  return new Error(
    'The client answered a call, and not with what the server says of it. Whether it was carried out, nobody knows.',
  )
}
