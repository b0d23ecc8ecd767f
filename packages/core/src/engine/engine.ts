/** A value, or a promise of it. A value is used at once, without a wait. */
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
  /**
   * The engine's own token; changes whenever the data does. When an id is created again with other data, no version of
   * its former record comes back.
   */
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

/** How `clearExpired` proceeds. */
export interface ClearExpiredOptions {
  /**
   * The most records that are deleted at once. Other calls to the store get their turn between two batches.
   *
   * @default 1000
   */
  readonly batchSize?: number | undefined
  /** Called after each batch with the number of records deleted so far. */
  readonly onProgress?: ((deleted: number) => void) | undefined
  /**
   * Ends the purge between two batches: the promise is rejected with the signal's reason. If it is aborted from the
   * beginning, nothing is deleted.
   */
  readonly signal?: AbortSignalLike | undefined
}

/** The part of an `AbortSignal` that is used here. */
export interface AbortSignalLike {
  readonly aborted: boolean
  throwIfAborted(): void
}

/**
 * A store on the server. Each call is one round trip, and atomic in the store itself. Absence is a value; failure is a
 * rejection with its `cause`; an engine never turns one into the other.
 */
export interface SessionEngine {
  /** The name that errors give it, such as `redis`. */
  readonly name?: string | undefined
  /** The live record, or undefined: never an expired one. */
  load(id: string): MaybePromise<LoadedRecord | undefined>
  /** Whether there is a live record. */
  exists(id: string): MaybePromise<boolean>
  /** Inserts. Answers `taken` if there is a live record, and does not overwrite it; an expired one counts as absent. */
  create(id: string, record: SessionRecord): MaybePromise<Created>
  /**
   * Updates, and never inserts: answers `missing` if there is no live record. Given a version other than the stored
   * one, answers `conflict` and writes nothing.
   */
  save(id: string, record: SessionRecord, version?: string): MaybePromise<Saved>
  /**
   * Moves the record's deadline, and otherwise answers like `save`. The stored data stays, whatever data is given, also
   * without a version. The stored version may stay or change: the one in the answer is valid.
   */
  touch(id: string, record: SessionRecord, version?: string): MaybePromise<Saved>
  /** Deletes. Given a version other than the stored one, answers `conflict`, and the record stays. */
  delete(id: string, version?: string): MaybePromise<Deleted>
  /** Deletes the expired records in batches; resolves to their number. Absent where the store expires them itself. */
  clearExpired?(options: ClearExpiredOptions): Promise<number>
  /**
   * The live records with that value of that attribute; none for null, which marks a record without a value. Absent
   * where the store cannot tell.
   */
  find?(
    attribute: string,
    value: AttributeValue,
  ): AsyncIterable<{ readonly id: string; readonly expiresAt: number }>
}

/** What a cookie engine is told besides the record. */
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
  /** The name that errors give it, such as `signed-cookies`. */
  readonly name?: string | undefined
  /**
   * How many cookies a value may be split into.
   *
   * @default 1
   */
  readonly chunks?: number | undefined
  /**
   * Whether the serialised text is only sealed: then the `codec` setting, which is for payloads on a server, is not
   * applied.
   *
   * @default false
   */
  readonly encodes?: boolean | undefined
  /** The cookie's value: only characters that a cookie may hold. */
  seal(record: SessionRecord, context: CookieContext): string
  /** The record, or undefined where the value does not verify. */
  unseal(value: string, context: CookieContext): UnsealedRecord | undefined
}
