import type { LoadedRecord } from '@sessions/core'
import type { Item } from './port.ts'

/*
 * A session is one item: its deadline in epoch milliseconds, a colon, and its data. Memcached counts in seconds; the deadline
 * in the item decides. The version of a session is its deadline, a colon, and the state of the item, so that a save needs no
 * look at what is stored to know that it has expired.
 */

/** How many digits a deadline has at most: those of the last moment of a `Date`. */
const DIGITS = 16

/** More seconds than these are a time since 1970 to memcached, and no duration. */
const LONGEST_DURATION = 30 * 86_400

/** The latest time since 1970, in seconds, that memcached knows. */
const LATEST = 2 ** 31 - 1

/** What an item and a version begin with. */
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

/** What a version says. */
export interface Version {
  readonly cas: string
  readonly expiresAt: number
}

/** Reads a version. One that was never handed out names no state. */
export function readVersion(version: string): Version {
  const colon = version.indexOf(':')
  return { cas: version.slice(colon + 1), expiresAt: Number(version.slice(0, colon)) }
}

/**
 * When memcached is to drop a session: not before its deadline. Its seconds begin when they like, so that what it is to keep
 * for one may be gone at once: there is one more than the deadline takes.
 */
export function exptimeOf(expiresAt: number, now: number): number {
  if (expiresAt <= now) return -1
  const seconds = Math.ceil((expiresAt - now) / 1000) + 1
  if (seconds <= LONGEST_DURATION) return seconds
  const time = Math.ceil(expiresAt / 1000) + 1
  // It would take a later time for one that has passed.
  return time <= LATEST ? time : 0
}

/** No serializer takes this for a session, so that core reports it as suspicious. */
const foreign = { data: 'not written by @sessions/memcached', expiresAt: 8_640_000_000_000_000 }
