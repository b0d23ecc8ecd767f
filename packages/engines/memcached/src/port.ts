/** What the server hands out. */
export interface Item {
  readonly value: string
  /** Names this state of the item: another one after each change, also where the item was lost and stored again. */
  readonly cas: string
}

/** What the server is to store. */
export interface Value {
  readonly value: string
  /** When the server drops it, as memcached is told: 0 is never, and -1 at once. */
  readonly exptime: number
}

/** What must be there for an item to be stored: nothing (`add`), anything (`replace`), or the state that is named. */
export type Condition = 'add' | 'replace' | { readonly cas: string }

/** What became of an item that was to be stored; an item that is too large leaves what is there. */
export type Stored =
  | { readonly status: 'stored'; readonly cas: string }
  /** For `add`, an item; for a `cas`, another state of it. */
  | { readonly status: 'exists' | 'missing' }
  | { readonly status: 'too large'; readonly limit: number }

/** What became of an item that was to be deleted. */
export type Removed = 'deleted' | 'missing' | 'exists'

/**
 * All that the engine asks of a client: three of memcached's meta commands, each of them one request about one key, and never
 * sent twice. A call that was not answered, or not within so many milliseconds, rejects: it is never a miss. Keys are
 * printable ASCII, 250 bytes at most.
 */
export interface MemcachedClient {
  /** The item, or nothing. */
  metaGet(key: string, timeout: number): Promise<Item | undefined>
  /** Stores an item on a condition. */
  metaSet(key: string, value: Value, condition: Condition, timeout: number): Promise<Stored>
  /** Deletes an item, or only the state of it that is named. */
  metaDelete(key: string, cas: string | undefined, timeout: number): Promise<Removed>
}
