import { platform } from '@sessions/core/platform'
import type { SessionCookies } from '../cookies/session-cookies.ts'
import type { Dictionary } from '../data.ts'
import { type Content, emptyDictionary } from '../payload/payload.ts'
import { jsonSerializer, type Serializer } from '../payload/serializer.ts'
import type { Rebased } from '../records/rebase.ts'
import type { Clock } from '../settings/settings.ts'
import { ChangeLog } from './change-log.ts'
import { endsWithBrowser, type ExpiryPolicy, type StoredExpiry } from './expiry.ts'

/** What stands behind a session. */
export interface Stored {
  /** The key that the client holds: of a cookie engine, the sealed record. */
  readonly key: string
  /** The deadline in epoch milliseconds. */
  readonly expiresAt: number
  /** The payload as it is stored, encoded. */
  readonly data: string
  /** The payload as serialised text; undefined where it did not decode. */
  readonly text: string | undefined
}

/** A record that an engine keeps on the server's side. */
export interface StoredRecord extends Stored {
  /** Where the engine keeps it. */
  readonly id: string
  /** The engine's token of what was loaded or saved last. */
  readonly version: string
}

/** A record that is sealed into its cookie. */
export interface StoredCookie extends Stored {
  /** Whether it is to be sealed anew, since an old secret had sealed it. */
  readonly stale: boolean
}

/** The cookie that the next response owes its client: for so many seconds, or as long as the browser runs; or its end. */
export type DueCookie = { readonly maxAge: number | undefined } | 'expire'

/** The cookie for a record that was stored at `now`. */
export function dueCookie(state: SessionState, expiresAt: number, now: number): DueCookie {
  if (endsWithBrowser(state.expiry, state.origin.policy)) return { maxAge: undefined }
  return { maxAge: Math.max(1, Math.floor((expiresAt - now) / 1000)) }
}

/** Where a session comes from and what rules it: fixed for its life. */
export interface SessionOrigin {
  readonly policy: ExpiryPolicy
  readonly serializer: Serializer
  readonly clock: Clock
}

/** The state of a session whose records are kept on the server's side. */
export type RecordState = SessionState<StoredRecord>

/** The state of a session whose records are kept in the browser. */
export type CookieState = SessionState<StoredCookie>

/** What a manager hands to the sessions that it opens. Its published type is closed. */
export interface SessionInternals {
  readonly '@sessions/core': 'internal'
}

/** Everything that one request knows of its session and did to it. Changed by `SessionBase` and the stores alone. */
export class SessionState<S extends Stored = Stored> implements SessionInternals {
  declare readonly '@sessions/core': 'internal'
  readonly origin: SessionOrigin
  /** The Cookie header, or a session key that came without one. Parsed only once somebody needs it. */
  readonly request: { readonly cookieHeader: string } | { readonly key: string } | undefined
  /** The session's cookies in that header, once somebody needed them. */
  cookies: SessionCookies | undefined = undefined

  /** What it holds: the payload's keys. */
  data: Dictionary = emptyDictionary()
  expiry: StoredExpiry | undefined = undefined
  created: number | undefined = undefined
  foreign: Dictionary | undefined = undefined

  /** Whether the data is there. */
  loaded: boolean
  /** The load that is under way: two callers share it. */
  loading: Promise<void> | undefined = undefined
  /** The write that is under way: the next one waits for it. */
  writing: Promise<void> | undefined = undefined
  /** The response's commit, where that takes time; and whether it has planned what it does. */
  committing: Promise<unknown> | undefined = undefined
  planned = false

  /** The text that is being written: what the log of the changes since then counts from. */
  written: string | undefined = undefined

  /** The text of what is not to be saved as it is: `modified` was set to false. */
  dropped: string | undefined = undefined

  accessed = false
  log: ChangeLog = new ChangeLog()
  /** Whether the application holds the dictionary or an object inside, and may have changed it unseen. */
  shared = false
  /** The dictionary as it was when the application got hold of it. */
  handedOut: Dictionary | undefined = undefined
  /** Whether `flush()` was ever called: then an empty session is not created. */
  flushed = false
  /** Whether what the client's keys lead to is to be deleted: a `flush()` that is not carried out yet. */
  flushDue = false

  stored: S | undefined = undefined
  /** What stood behind the session when it was flushed, and is to be deleted. */
  abandoned: readonly S[] = []
  /** A cookie named a session whose key another request rotated a moment ago: that request's response brings the client its new cookie. */
  rotatedAway = false
  due: DueCookie | undefined = undefined
  /** Whether the response headers have gone. */
  committed = false

  constructor(origin: SessionOrigin, request?: SessionState['request']) {
    this.origin = origin
    this.request = request
    this.loaded = request === undefined
  }

  /** Whether anything was done that a commit has to look at. */
  get touched(): boolean {
    return this.accessed || this.log.modified || this.due !== undefined
  }

  /** Whether the session holds anything to store: data, an expiry of its own, or what another program keeps there. A key that is undefined is none. */
  get filled(): boolean {
    if (this.expiry !== undefined || this.foreign !== undefined) return true
    for (const key in this.data) if (this.data[key] !== undefined) return true
    return false
  }

  /** Hands the dictionary out. */
  share(): Dictionary {
    this.shared = true
    this.handedOut ??= { ...this.data }
    return this.data
  }

  /**
   * Whether the application is seen to have replaced a value of the dictionary that was handed out to it. This needs no
   * serialisation, and finds most of the changes that are made without `set`.
   */
  get replaced(): boolean {
    const { data, handedOut } = this
    if (handedOut === undefined) return false
    for (const key in data) if (data[key] !== handedOut[key]) return true
    for (const key in handedOut) if (!(key in data)) return true
    return false
  }

  /** Empties the dictionary in place: the application may hold it. */
  empty(): void {
    for (const key of Object.keys(this.data)) delete this.data[key]
    this.expiry = undefined
    this.foreign = undefined
  }

  /** Marks the session to be deleted, and detaches from it. */
  flush(): void {
    this.empty()
    if (this.stored !== undefined) this.abandoned = [...this.abandoned, this.stored]
    this.stored = undefined
    this.written = undefined
    this.dropped = undefined
    this.created = undefined
    this.due = undefined
    this.log = new ChangeLog()
    this.log.modified = true
    this.loaded = true
    this.accessed = true
    this.flushed = true
    this.flushDue = true
  }

  /** Takes over what was read of the session. */
  open({ data, expiry, created, foreign }: Content, stored: S): void {
    this.data = data
    this.expiry = expiry
    this.created = created
    this.foreign = foreign
    this.stored = stored
  }

  /** Takes over what a replay made of the session; the dictionary in place, since the application may hold it. */
  adopt(next: Rebased): void {
    for (const key of Object.keys(this.data)) if (!(key in next.data)) delete this.data[key]
    Object.assign(this.data, next.data)
    this.expiry = next.expiry
    this.created = next.created
    this.foreign = next.foreign
    this.log = next.log
    this.handedOut = undefined
  }

  /** Takes the log of what is to be stored now. What is done from here on counts anew. */
  takeLog(): ChangeLog {
    const log = this.log
    this.log = new ChangeLog()
    this.dropped = undefined
    return log
  }
}

/** What a session without a manager is ruled by: Django's defaults. */
export const DEFAULT_ORIGIN: SessionOrigin = Object.freeze({
  policy: { cookieAge: 1_209_600, expireAtBrowserClose: false, absoluteAge: undefined },
  serializer: jsonSerializer,
  clock: platform,
})
