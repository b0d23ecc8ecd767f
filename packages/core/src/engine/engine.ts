/** A value or a promise of it. A value is used at once, without a microtask. */
export type MaybePromise<T> = T | Promise<T>

/** A value that an engine stores beside a session so that the session can be found by it. */
export type AttributeValue = string | number | boolean | null

/** The values that the `attributes` setting computed from a session's data, by name. */
export type Attributes = Readonly<Record<string, AttributeValue>>

/** A session as an engine stores it. */
export interface SessionRecord {
  /** The payload: opaque text to an engine. */
  readonly data: string
  /** The deadline in epoch milliseconds. A record is expired if and only if `expiresAt <= now`. */
  readonly expiresAt: number
  /** Values to store beside the payload; present if the `attributes` setting is set. */
  readonly attributes?: Attributes | undefined
}

/** A record as an engine returns it. */
export interface LoadedRecord extends SessionRecord {
  /**
   * A token of the engine's choice for compare-and-set, which must change whenever the data does. If an id is created again
   * with other data, it must not get a version that its former record had.
   */
  readonly version: string
}

/** The result of `create`. */
export type Created =
  | { readonly status: 'saved'; readonly version: string }
  | { readonly status: 'taken' }

/** The result of `save` and `touch`. */
export type Saved =
  | { readonly status: 'saved'; readonly version: string }
  | { readonly status: 'missing' | 'conflict' }

/** The result of `delete`. */
export type Deleted = 'deleted' | 'missing' | 'conflict'

/** The options of `clearExpired`. */
export interface ClearExpiredOptions {
  /**
   * How many records a batch deletes at most; an engine without an index counts those that it examines. Between two batches,
   * other calls to the store can run.
   *
   * @default the engine's: 1000 in most
   */
  readonly batchSize?: number | undefined
  /** Called after each batch with the number of records deleted so far. */
  readonly onProgress?: ((deleted: number) => void) | undefined
  /**
   * Stops `clearExpired` between two batches: the promise rejects with the signal's reason. If the signal is already aborted,
   * nothing is deleted.
   */
  readonly signal?: AbortSignalLike | undefined
}

/** The part of an `AbortSignal` that `clearExpired` uses. */
export interface AbortSignalLike {
  readonly aborted: boolean
  throwIfAborted(): void
}

/**
 * Stores sessions on the server. Each call is one round trip, and atomic in the store itself. An absent record is a return
 * value; a failure is a rejection with its `cause`; an engine never turns one into the other.
 */
export interface SessionEngine {
  /** The engine's name in errors, such as `redis`. */
  readonly name?: string | undefined
  /** Returns the live record, or undefined; never an expired one. */
  load(id: string): MaybePromise<LoadedRecord | undefined>
  /** Whether there is a live record. */
  exists(id: string): MaybePromise<boolean>
  /** Inserts a record. If a live one exists, returns `taken` and does not overwrite it; an expired one counts as absent. */
  create(id: string, record: SessionRecord): MaybePromise<Created>
  /**
   * Updates a record, and never inserts one: returns `missing` if there is no live record. If a version is given that is not
   * the stored one, returns `conflict` and writes nothing.
   */
  save(id: string, record: SessionRecord, version?: string): MaybePromise<Saved>
  /**
   * Moves a record's deadline, and otherwise answers like `save`. The stored data stays, whatever data is given, and even
   * without a version. The version may change or not; the returned one is valid.
   */
  touch(id: string, record: SessionRecord, version?: string): MaybePromise<Saved>
  /** Deletes a record. If a version is given that is not the stored one, returns `conflict` and keeps the record. */
  delete(id: string, version?: string): MaybePromise<Deleted>
  /** Deletes the expired records in batches, and resolves to how many. Omit it if the store expires records itself. */
  clearExpired?(options: ClearExpiredOptions): Promise<number>
  /**
   * Finds the live records whose attribute has the given value. Finds none for null, which stands for "no value". Omit it if
   * the store cannot search.
   */
  find?(
    attribute: string,
    value: AttributeValue,
  ): AsyncIterable<{ readonly id: string; readonly expiresAt: number }>
}

/** What a cookie engine needs besides the record. */
export interface CookieContext {
  /** The cookie's name. The engine must authenticate it together with the record. */
  readonly cookieName: string
  /** The `cookie.age` setting, in seconds. */
  readonly cookieAge: number
  /** The current time in epoch milliseconds. */
  readonly now: number
}

/** A record as a cookie engine returns it. */
export interface UnsealedRecord extends SessionRecord {
  /** Whether to seal the record again with the next response, because it was sealed with an old secret. */
  readonly renew?: boolean | undefined
  /**
   * When the record was sealed, in epoch milliseconds. Only for an engine that does not return the deadline that it was given:
   * `renewAfter` then counts from here.
   */
  readonly sealedAt?: number | undefined
}

/**
 * Stores sessions in the browser: the sealed record is the session key. Synchronous, so that the cookie can be made at the
 * first byte of a stream.
 */
export interface CookieEngine {
  /** The engine's name in errors, such as `signed-cookies`. */
  readonly name?: string | undefined
  /**
   * The maximum number of cookies that a value may be split into.
   *
   * @default 1
   */
  readonly chunks?: number | undefined
  /**
   * Whether the engine encodes the serialised text itself. If so, the `codec` setting is not applied.
   *
   * @default false
   */
  readonly encodes?: boolean | undefined
  /** Returns the cookie's value, of characters that a cookie may hold. */
  seal(record: SessionRecord, context: CookieContext): string
  /** Returns the record, or undefined if the value does not verify. */
  unseal(value: string, context: CookieContext): UnsealedRecord | undefined
}

/** Whether an engine stores sessions in the browser. */
export function isCookieEngine(engine: SessionEngine | CookieEngine): engine is CookieEngine {
  return 'seal' in engine
}
