import type { LoadedRecord } from '@sessions/core'
import type { Item } from './port.ts'

/*
 * A session is one item: its deadline in epoch milliseconds, a colon, and its data. Memcached counts in seconds, so the
 * deadline in the item decides. The version of a session is its deadline, a colon, and the item's `cas`, so that a save
 * knows without a read whether the session has expired.
 */

/** The most digits that a deadline has: those of the latest `Date`. */
const DIGITS = 16

/** Memcached takes a larger number of seconds for a time since 1970, not for a duration. */
const LONGEST_DURATION = 30 * 86_400

/** The latest time that memcached can represent, in seconds since 1970. */
const LATEST = 2 ** 31 - 1

/** The beginning of an item and of a version. */
export function headOf(expiresAt: number): string {
  return `${Math.max(0, Math.ceil(expiresAt))}:`
}

/** Decodes a session, or returns a stand-in if another program wrote the item. */
export function recordOf({ value, cas }: Item): LoadedRecord {
  const colon = value.indexOf(':')
  const expiresAt = Number(value.slice(0, colon))
  if (colon < 1 || colon > DIGITS || !Number.isInteger(expiresAt)) {
    return { ...foreign, version: headOf(foreign.expiresAt) + cas }
  }
  return { data: value.slice(colon + 1), expiresAt, version: value.slice(0, colon + 1) + cas }
}

/** The parts of a version. */
export interface Version {
  readonly cas: string
  readonly expiresAt: number
}

/** Parses a version. The `cas` of one that the engine did not return matches no item. */
export function readVersion(version: string): Version {
  const colon = version.indexOf(':')
  return { cas: version.slice(colon + 1), expiresAt: Number(version.slice(0, colon)) }
}

/**
 * The `exptime` with which memcached does not drop a session before its deadline. Memcached counts whole seconds of its
 * own clock, so an item for one second may be gone at once: hence a second more than the deadline needs.
 */
export function exptimeOf(expiresAt: number, now: number): number {
  if (expiresAt <= now) return -1
  const seconds = Math.ceil((expiresAt - now) / 1000) + 1
  if (seconds <= LONGEST_DURATION) return seconds
  const time = Math.ceil(expiresAt / 1000) + 1
  // Memcached would take a later time for one in the past.
  return time <= LATEST ? time : 0
}

/** No serializer reads this as a session, so that core reports it as suspicious. */
const foreign = { data: 'not written by @sessions/memcached', expiresAt: 8_640_000_000_000_000 }
