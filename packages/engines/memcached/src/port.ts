/** A stored item. */
export interface Item {
  readonly value: string
  /** Identifies this state of the item. It changes with each write, and when an item that was lost is stored again. */
  readonly cas: string
}

/** An item to be stored. */
export interface Value {
  readonly value: string
  /** When the server drops it, as memcached's `exptime`: 0 is never, and -1 at once. */
  readonly exptime: number
}

/**
 * On what condition to store an item: that there is none (`add`), that there is one (`replace`), or that it is in the
 * state `cas`.
 */
export type Condition = 'add' | 'replace' | { readonly cas: string }

/** The outcome of storing an item. An item that is too large leaves the stored one unchanged. */
export type Stored =
  | { readonly status: 'stored'; readonly cas: string }
  /** `exists`: with `add`, there is an item already; with a `cas`, it is in another state. */
  | { readonly status: 'exists' | 'missing' }
  | { readonly status: 'too large'; readonly limit: number }

/** The outcome of deleting an item. `exists`: it is in another state than the given one. */
export type Removed = 'deleted' | 'missing' | 'exists'

/**
 * What the engine needs of a client: three of memcached's meta commands. Each is one request on one key, and is never
 * sent twice. A call that gets no reply within `timeout` milliseconds rejects; it never counts as a miss. Keys are
 * printable ASCII, 250 bytes at most.
 */
export interface MemcachedClient {
  /** Reads an item; undefined if there is none. */
  metaGet(key: string, timeout: number): Promise<Item | undefined>
  /** Stores an item on a condition. */
  metaSet(key: string, value: Value, condition: Condition, timeout: number): Promise<Stored>
  /** Deletes an item; given a `cas`, only if it is in that state. */
  metaDelete(key: string, cas: string | undefined, timeout: number): Promise<Removed>
}
