import type { LoadedRecord } from '@sessions/core'
import type { Item } from './port.ts'

/*
 * A session is one item: its deadline in epoch milliseconds, a colon, and its data. Memcached counts in seconds; the
 * deadline in the item decides. The version of a session is its deadline, a colon, and the state of the item, so that a
 * save knows that a session has expired without reading it.
 */

/** How many digits a deadline has at most: those of the last moment of a `Date`. */
const DIGITS = 16

/** Memcached reads more seconds than these as a time since 1970, not as a duration. */
const LONGEST_DURATION = 30 * 86_400

/** The latest time since 1970, in seconds, that memcached knows. */
const LATEST = 2 ** 31 - 1

/** The beginning of an item and of a version. */
export function headOf(expiresAt: number): string {
  return `${Math.max(0, Math.ceil(expiresAt))}:`
}

/** The session that an item stands for. */
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

/** Reads a version. One that was never returned names no state. */
export function readVersion(version: string): Version {
  const colon = version.indexOf(':')
  return { cas: version.slice(colon + 1), expiresAt: Number(version.slice(0, colon)) }
}

/**
 * When memcached is to drop a session: not before its deadline. Memcached counts whole seconds of its own clock, so
 * that an item for one second may be gone at once: there is one second more than the deadline needs.
 */
export function exptimeOf(expiresAt: number, now: number): number {
  if (expiresAt <= now) return -1
  const seconds = Math.ceil((expiresAt - now) / 1000) + 1
  if (seconds <= LONGEST_DURATION) return seconds
  const time = Math.ceil(expiresAt / 1000) + 1
  // Memcached would read a later time as one in the past.
  return time <= LATEST ? time : 0
}

/** No serializer reads this as a session, so that core reports it as suspicious. */
const foreign = { data: 'not written by @sessions/memcached', expiresAt: 8_640_000_000_000_000 }
