import type { LoadedRecord, SessionRecord } from '@sessions/core'

/*
 * A session is one string: its version (24 characters), its deadline in epoch milliseconds (16 digits), each followed by a
 * colon, and its data. Both come first and have a fixed length, so that scripts read and write them in their place.
 */

/** How many characters a version has. */
export const VERSION = 24

/** How many digits a deadline has: as many as the last moment of a `Date`. */
const DEADLINE = 16

/** How many characters come before the data. */
export const HEAD: number = VERSION + DEADLINE + 2

const head = new RegExp(`^[0-9a-z]{${VERSION}}:\\d{${DEADLINE}}:$`)

/** The version of whatever another program has put in a session's place. */
export const FOREIGN = 'foreign'

/** The string that stands for the session. */
export function stored(version: string, { data, expiresAt }: SessionRecord): string {
  return `${version}:${deadline(expiresAt)}:${data}`
}

/** The session that a string stands for. */
export function recordOf(value: string): LoadedRecord {
  if (!head.test(value.slice(0, HEAD))) return foreign
  return {
    data: value.slice(HEAD),
    expiresAt: Number(value.slice(VERSION + 1, HEAD - 1)),
    version: value.slice(0, VERSION),
  }
}

/** A deadline as it is stored. */
export function deadline(expiresAt: number): string {
  return String(Math.max(0, Math.ceil(expiresAt))).padStart(DEADLINE, '0')
}

/**
 * The last millisecond at which the session is live, as Redis is told: that drops a key when its own time is later. Zero
 * and less are no times to Redis, and a moment that has passed is as good as any other.
 */
export function lastMoment(expiresAt: number): number {
  return Math.max(1, Math.ceil(expiresAt) - 1)
}

/** No serializer takes this for a session, so that core reports it as suspicious. */
const foreign: LoadedRecord = {
  data: 'not written by @sessions/redis',
  expiresAt: 8_640_000_000_000_000,
  version: FOREIGN,
}
