import type { LoadedRecord } from '@sessions/core'

/*
 * A session is one string: its version (32 characters), the last millisecond at which it is live (16 digits), each
 * followed by a colon, and its data. The first two have a fixed length, so that scripts can read and write them in
 * place.
 */

/** How many characters a version has. */
export const VERSION = 32

/** How many digits a time has: enough for the latest `Date`. */
const MOMENT = 16

/** How many characters come before the data. */
export const HEAD: number = VERSION + MOMENT + 2

/** The version of any value that another program has stored under a session's key. */
export const FOREIGN = 'foreign'

/** Encodes a session. */
export function stored(version: string, moment: string, data: string): string {
  return `${version}:${padded(moment)}:${data}`
}

/** Decodes a session, or returns a stand-in if another program wrote the value. */
export function recordOf(value: string): LoadedRecord {
  const moment = momentOf(value)
  if (moment === undefined) return foreign
  return { data: value.slice(HEAD), expiresAt: moment + 1, version: value.slice(0, VERSION) }
}

/**
 * The last millisecond at which the session is live, for PXAT: Redis drops a key once its clock is past that. It is 1
 * at least, because Redis accepts no less, and any time in the past serves as well.
 */
export function lastMoment(expiresAt: number): number {
  return Math.max(1, Math.ceil(expiresAt) - 1)
}

/** A time in decimal digits. Built from two parts, because `String` takes three times as long for so large a number. */
export function decimal(moment: number): string {
  const high = Math.floor(moment / 1e8)
  return high === 0 ? String(moment) : String(high) + String(moment % 1e8).padStart(8, '0')
}

/** A time as it is stored: padded with zeros to its fixed length. */
export function padded(moment: string): string {
  return moment.padStart(MOMENT, '0')
}

/**
 * The stored time; undefined if the value does not begin as a session does. A regular expression takes three times as
 * long.
 */
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
