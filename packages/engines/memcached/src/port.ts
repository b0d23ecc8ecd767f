/** A stored item. */
export interface Item {
  readonly value: string
  /** Names this state of the item. It differs after each change, and if the item was lost and stored again. */
  readonly cas: string
}

/** An item to be stored. */
export interface Value {
  readonly value: string
  /** When the server drops it, as memcached's `exptime`: 0 is never, and -1 at once. */
  readonly exptime: number
}

/**
 * What must be stored for the item to be stored: nothing (`add`), any item (`replace`), or the item in the state `cas`.
 */
export type Condition = 'add' | 'replace' | { readonly cas: string }

/** The outcome of storing an item. An item that is too large leaves the stored one unchanged. */
export type Stored =
  | { readonly status: 'stored'; readonly cas: string }
  /** For `add`, an item; for a `cas`, another state of it. */
  | { readonly status: 'exists' | 'missing' }
  | { readonly status: 'too large'; readonly limit: number }

/** The outcome of deleting an item. `exists`: in another state than the named one. */
export type Removed = 'deleted' | 'missing' | 'exists'

/**
 * All that the engine asks of a client: three of memcached's meta commands, each of them one request on one key, and
 * never sent twice. A call that is not answered within so many milliseconds, or not at all, rejects: it is never a
 * miss. Keys are printable ASCII, 250 bytes at most.
 */
export interface MemcachedClient {
  /** The item, or nothing. */
  metaGet(key: string, timeout: number): Promise<Item | undefined>
  /** Stores an item on a condition. */
  metaSet(key: string, value: Value, condition: Condition, timeout: number): Promise<Stored>
  /** Deletes an item, or deletes it only in the named state. */
  metaDelete(key: string, cas: string | undefined, timeout: number): Promise<Removed>
}
