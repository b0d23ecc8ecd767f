/** A value, or a promise of it. What is there at once is used at once. */
export type MaybePromise<T> = T | Promise<T>

/** A value that an engine files beside a session, to find it by. */
export type AttributeValue = string | number | boolean | null

/** What the `attributes` setting computed from a session's data, name by name. */
export type Attributes = Readonly<Record<string, AttributeValue>>

/** A session as an engine stores it. */
export interface SessionRecord {
  /** The payload: opaque text to an engine. */
  readonly data: string
  /** The deadline in epoch milliseconds. A record is expired if and only if `expiresAt <= now`. */
  readonly expiresAt: number
  /** What is filed beside the payload, where the `attributes` setting asks for it. */
  readonly attributes?: Attributes
}

/** A record as an engine hands it out. */
export interface LoadedRecord extends SessionRecord {
  /** The engine's own token; changes whenever the data does. */
  readonly version: string
}

/** What `create` answers. */
export type Created =
  | { readonly status: 'saved'; readonly version: string }
  | { readonly status: 'taken' }

/** What `save` and `touch` answer. */
export type Saved =
  | { readonly status: 'saved'; readonly version: string }
  | { readonly status: 'missing' | 'conflict' }

/** What `delete` answers. */
export type Deleted = 'deleted' | 'missing' | 'conflict'

/** How `clearExpired` goes about it. */
export interface ClearExpiredOptions {
  /**
   * How many records are deleted at once, at most. What others do to the store gets its turn between two batches.
   *
   * @default 1000
   */
  readonly batchSize?: number | undefined
  /** Called after each batch with the number of records deleted so far. */
  readonly onProgress?: ((deleted: number) => void) | undefined
  /** Ends the purge between two batches: the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignalLike | undefined
}

/** The part of an `AbortSignal` that is used here. */
export interface AbortSignalLike {
  readonly aborted: boolean
  throwIfAborted(): void
}

/**
 * A store on the server's side. Each call is one round trip and atomic in the store itself. Absence is a value; failure
 * is a rejection with its `cause`; an engine never turns the one into the other.
 */
export interface SessionEngine {
  /** What errors call it, such as `redis`. */
  readonly name?: string | undefined
  /** The live record, or undefined: never an expired one. */
  load(id: string): MaybePromise<LoadedRecord | undefined>
  /** Whether a live record is there. */
  exists(id: string): MaybePromise<boolean>
  /** Inserts. Never overwrites a live record: `taken`. An expired one is as good as none. */
  create(id: string, record: SessionRecord): MaybePromise<Created>
  /** Updates, and never inserts: `missing`. Given a version that is not the stored one: `conflict`, and nothing is written. */
  save(id: string, record: SessionRecord, version?: string): MaybePromise<Saved>
  /** Moves the deadline of the record, whose data is the same. Otherwise like `save`. */
  touch(id: string, record: SessionRecord, version?: string): MaybePromise<Saved>
  /** Deletes. Given a version that is not the stored one: `conflict`, and the record stays. */
  delete(id: string, version?: string): MaybePromise<Deleted>
  /** Deletes the expired records in batches, resolves their number. Absent where the store expires by itself. */
  clearExpired?(options: ClearExpiredOptions): Promise<number>
  /** The live records with that value of that attribute. Absent where the store cannot tell. */
  find?(
    attribute: string,
    value: AttributeValue,
  ): AsyncIterable<{ readonly id: string; readonly expiresAt: number }>
}

/** What a cookie engine is told beside the record. */
export interface CookieContext {
  /** The cookie's name: part of what is authenticated. */
  readonly cookieName: string
  /** The `cookie.age` setting, in seconds. */
  readonly cookieAge: number
  /** The time, in epoch milliseconds. */
  readonly now: number
}

/** A record as a cookie engine opens it. */
export interface UnsealedRecord extends SessionRecord {
  /** Whether it should be sealed anew with the next response, because an old secret matched. */
  readonly renew?: boolean
}

/**
 * A store in the browser: the sealed record is the session key. Synchronous, so that the cookie can be made at the
 * first byte of a stream.
 */
export interface CookieEngine {
  /** What errors call it, such as `signed-cookies`. */
  readonly name?: string | undefined
  /**
   * How many cookies a value may be split into.
   *
   * @default 1
   */
  readonly chunks?: number | undefined
  /**
   * Whether sealing is all that becomes of the serialised text: then the `codec` setting, which is for payloads on a
   * server, is left out.
   *
   * @default false
   */
  readonly encodes?: boolean | undefined
  /** The cookie's value: only characters that a cookie may hold. */
  seal(record: SessionRecord, context: CookieContext): string
  /** The record, or undefined where the value does not verify. */
  unseal(value: string, context: CookieContext): UnsealedRecord | undefined
}
