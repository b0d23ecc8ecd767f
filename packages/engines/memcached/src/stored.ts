import type { LoadedRecord, SessionRecord } from '@sessions/core'
import type { Item, Value } from './port.ts'

/*
 * A session is one item: its deadline in epoch milliseconds, a colon, and its data. Memcached counts in seconds; the deadline
 * in the item decides.
 */
const head = /^(\d{1,16}):/

/** More seconds than these are a time since 1970 to memcached, and no duration. */
const LONGEST_DURATION = 30 * 86_400

/** The latest time since 1970, in seconds, that memcached knows. */
const LATEST = 2 ** 31 - 1

/** The item that stands for the session. */
export function stored({ data, expiresAt }: SessionRecord, now: number): Value {
  return { value: `${deadline(expiresAt)}:${data}`, exptime: exptime(expiresAt, now) }
}

/** The session that an item stands for. */
export function recordOf({ value, cas }: Item): LoadedRecord {
  const found = head.exec(value)
  if (found === null) return { ...foreign, version: versionOf(foreign, cas) }
  const [start, digits] = found
  const record = { data: value.slice(start.length), expiresAt: Number(digits) }
  return { ...record, version: versionOf(record, cas) }
}

/** What a version says. */
export interface Version {
  readonly cas: string
  readonly expiresAt: number
}

/** The version of what is stored: the state of the item, and the deadline, so that a save needs no look at that. */
export function versionOf({ expiresAt }: Pick<SessionRecord, 'expiresAt'>, cas: string): string {
  return `${deadline(expiresAt)}:${cas}`
}

/** Reads a version. One that was never handed out names no state. */
export function readVersion(version: string): Version {
  const found = head.exec(version)
  if (found === null) return { cas: '', expiresAt: Infinity }
  return { cas: version.slice(found[0].length), expiresAt: Number(found[1]) }
}

function deadline(expiresAt: number): number {
  return Math.max(0, Math.ceil(expiresAt))
}

/**
 * When memcached is to drop a session: not before its deadline. Its seconds begin when they like, so that what it is to keep
 * for one may be gone at once: there is one more than the deadline takes.
 */
function exptime(expiresAt: number, now: number): number {
  if (expiresAt <= now) return -1
  const seconds = Math.ceil((expiresAt - now) / 1000) + 1
  if (seconds <= LONGEST_DURATION) return seconds
  const time = Math.ceil(expiresAt / 1000) + 1
  // It would take a later time for one that has passed.
  return time <= LATEST ? time : 0
}

/** No serializer takes this for a session, so that core reports it as suspicious. */
const foreign = { data: 'not written by @sessions/memcached', expiresAt: 8_640_000_000_000_000 }
