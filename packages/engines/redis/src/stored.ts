import type { LoadedRecord } from '@sessions/core'

/*
 * A session is one string: its version (32 characters), the last millisecond at which it is live (16 digits), each
 * followed by a colon, and its data. Both come first and have a fixed length, so that scripts read and write them in
 * their place.
 */

/** How many characters a version has. */
export const VERSION = 32

/** How many digits a moment has: as many as the last one of a `Date`. */
const MOMENT = 16

/** How many characters come before the data. */
export const HEAD: number = VERSION + MOMENT + 2

/** The version of whatever another program has stored in a session's place. */
export const FOREIGN = 'foreign'

/** The string that stands for a session. */
export function stored(version: string, moment: string, data: string): string {
  return `${version}:${padded(moment)}:${data}`
}

/** The session that a string stands for. */
export function recordOf(value: string): LoadedRecord {
  const moment = momentOf(value)
  if (moment === undefined) return foreign
  return { data: value.slice(HEAD), expiresAt: moment + 1, version: value.slice(0, VERSION) }
}

/**
 * The last millisecond at which the session is live, as Redis needs it: Redis drops a key when its time is later. It
 * does not accept zero or less, and any moment in the past does instead.
 */
export function lastMoment(expiresAt: number): number {
  return Math.max(1, Math.ceil(expiresAt) - 1)
}

/** A moment in digits, for Redis. In two parts: `String` takes three times as long for such a large number. */
export function decimal(moment: number): string {
  const high = Math.floor(moment / 1e8)
  return high === 0 ? String(moment) : String(high) + String(moment % 1e8).padStart(8, '0')
}

/** A moment as it is stored. */
export function padded(moment: string): string {
  return moment.padStart(MOMENT, '0')
}

/** The moment, if it follows a version. Read by hand: a pattern takes three times as long. */
function momentOf(value: string): number | undefined {
  if (value.charCodeAt(VERSION) !== COLON || value.charCodeAt(HEAD - 1) !== COLON) return undefined
  for (let index = 0; index < VERSION; index += 1) {
    const code = value.charCodeAt(index)
    if (!isDigit(code) && !(code >= LETTER_A && code <= LETTER_Z)) return undefined
  }
  let moment = 0
  for (let index = VERSION + 1; index < HEAD - 1; index += 1) {
    const code = value.charCodeAt(index)
    if (!isDigit(code)) return undefined
    moment = moment * 10 + code - ZERO
  }
  return moment
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE
}

const ZERO = 48
const NINE = 57
const COLON = 58
const LETTER_A = 97
const LETTER_Z = 122

/** No serializer reads this as a session, so that core reports it as suspicious. */
const foreign: LoadedRecord = {
  data: 'not written by @sessions/redis',
  expiresAt: 8_640_000_000_000_000,
  version: FOREIGN,
}
