import { platform } from '@sessions/core/platform'
import type { SessionCookies } from '../cookies/session-cookies.ts'
import type { Dictionary } from '../data.ts'
import { type Content, emptyDictionary } from '../payload/payload.ts'
import { jsonSerializer, type Serializer } from '../payload/serializer.ts'
import type { Rebased } from '../records/rebase.ts'
import type { Clock } from '../settings/settings.ts'
import { ChangeLog } from './change-log.ts'
import type { DueCookie } from './due-cookie.ts'
import type { ExpiryPolicy, StoredExpiry } from './expiry.ts'
import type { Stored, StoredCookie, StoredRecord } from './stored.ts'

/** What a session takes over from its manager. */
export interface SessionOrigin {
  readonly policy: ExpiryPolicy
  readonly serializer: Serializer
  readonly clock: Clock
}

/** The state of a session that is stored on the server. */
export type RecordState = SessionState<StoredRecord>

/** The state of a session that is stored in the browser. */
export type CookieState = SessionState<StoredCookie>

/** A `SessionState`, as the published type of the constructor shows it: opaque. */
export interface SessionInternals {
  readonly '@sessions/core': 'internal'
}

/**
 * Everything that a request knows about its session and did to it. `SessionBase` changes what the application did, the
 * backends what is stored and due, and the manager how far the request is.
 */
export class SessionState<S extends Stored = Stored> implements SessionInternals {
  declare readonly '@sessions/core': 'internal'
  readonly origin: SessionOrigin
  /** The Cookie header, unparsed, or the key passed to `open(key)`; undefined for a new session. */
  readonly request: { readonly cookieHeader: string } | { readonly key: string } | undefined
  /** The session cookies in that header, once it was parsed. */
  cookies: SessionCookies | undefined = undefined

  // What the session holds: nothing until it is loaded.

  data: Dictionary = emptyDictionary()
  expiry: StoredExpiry | undefined = undefined
  created: number | undefined = undefined
  foreign: Dictionary | undefined = undefined

  // What is in flight, and how far the request is: loaded, planned, committed.

  /** The load in flight: concurrent callers share it. */
  loading: Promise<void> | undefined = undefined
  /** The write in flight: the next one waits for it. */
  writing: Promise<void> | undefined = undefined
  /** The commit in flight. */
  committing: Promise<unknown> | undefined = undefined
  /** Whether the data is available: a load has succeeded, `flush()` was called, or the session is new. */
  loaded: boolean
  /** Whether the commit has decided what to store and send: a later `save()` is not part of it. */
  planned = false
  /** Whether the response headers have been sent. */
  committed = false

  // What the application did since the session was last stored. A write takes the log; if it fails, it puts it back.

  accessed = false
  log: ChangeLog = new ChangeLog()
  /** The text of the write in flight: changes that are logged meanwhile are relative to it. */
  written: string | undefined = undefined
  /** Whether the application got hold of the dictionary or an object inside, and may have changed it in place. */
  shared = false
  /** A shallow copy of the dictionary, made when the application got hold of it. */
  handedOut: Dictionary | undefined = undefined
  /** The dictionary of the stored text, if it was needed for a comparison. */
  base: { readonly text: string; readonly data: Dictionary | undefined } | undefined = undefined
  /** The session's text when `modified` was set to false: it is saved only if it has changed since then. */
  dropped: string | undefined = undefined

  // What the store and the client have, and what is still to be done about it.

  /** The record that this session is based on; undefined after `flush()`. */
  stored: S | undefined = undefined
  /** The records that `flush()` detached, which are to be deleted. */
  abandoned: readonly S[] = []
  /** Whether a `flush()` is pending: every session that the client's cookies name is to be deleted. */
  flushDue = false
  /** Whether `flush()` was ever called: if so, `save()` does not create an empty session. */
  flushed = false
  /**
   * Whether another request has just rotated the key in the cookie. That request's response sets the new cookie, so this one
   * must not expire it.
   */
  rotatedAway = false
  /** The record that a failed rotation has created, if it is unknown whether a marker leads to it. */
  unanswered: S | undefined = undefined
  /** What the response must do with the client's cookie. */
  due: DueCookie | undefined = undefined

  constructor(origin: SessionOrigin, request?: SessionState['request']) {
    this.origin = origin
    this.request = request
    this.loaded = request === undefined
  }

  /** Whether a commit has anything to do. */
  get touched(): boolean {
    const { accessed, log, due, writing } = this
    return accessed || log.modified || due !== undefined || writing !== undefined
  }

  /** Whether the application changed the data, or may have changed it in place. */
  get maybeChanged(): boolean {
    return this.log.modified || this.shared
  }

  /** Whether the session holds anything to store: data other than undefined, its own expiry, or another program's keys. */
  get filled(): boolean {
    if (this.expiry !== undefined || this.foreign !== undefined) return true
    for (const key in this.data) if (this.data[key] !== undefined) return true
    return false
  }

  /** Empties the dictionary in place, because the application may hold it. */
  empty(): void {
    for (const key of Object.keys(this.data)) delete this.data[key]
    this.expiry = undefined
    this.foreign = undefined
  }

  /** Marks the stored session to be deleted, and starts over as an empty one. */
  flush(): void {
    this.empty()
    if (this.stored !== undefined) this.abandon(this.stored)
    this.stored = undefined
    this.written = undefined
    this.dropped = undefined
    this.created = undefined
    this.due = undefined
    this.log = new ChangeLog()
    this.log.modified = true
    this.log.flushed = true
    this.loaded = true
    this.accessed = true
    this.flushed = true
    this.flushDue = true
  }

  /** Takes over a loaded record. */
  open({ data, expiry, created, foreign }: Content, stored: S): void {
    this.data = data
    this.expiry = expiry
    this.created = created
    this.foreign = foreign
    this.stored = stored
  }

  /** Takes over the result of a replay. Updates the dictionary in place, because the application may hold it. */
  adopt(next: Rebased): void {
    for (const key of Object.keys(this.data)) if (!(key in next.data)) delete this.data[key]
    Object.assign(this.data, next.data)
    this.expiry = next.expiry
    this.created = next.created
    this.foreign = next.foreign
    this.log = next.log
    this.handedOut = undefined
  }

  /** Returns the log of the changes that are about to be stored, and starts a new one for those that follow. */
  takeLog(): ChangeLog {
    const log = this.log
    this.log = new ChangeLog()
    this.dropped = undefined
    return log
  }

  /** Puts back the changes of a write that failed, before those made since; a `flush()` since then supersedes them. */
  restoreLog(log: ChangeLog): void {
    this.log = log.followedBy(this.log)
  }

  /** Notes that a record is to be deleted. */
  abandon(stored: S): void {
    this.abandoned = [...this.abandoned, stored]
  }
}

/** For a session without a manager: Django's defaults. */
export const DEFAULT_ORIGIN: SessionOrigin = Object.freeze({
  policy: { cookieAge: 1_209_600, expireAtBrowserClose: false, absoluteAge: undefined },
  serializer: jsonSerializer,
  clock: platform,
})
