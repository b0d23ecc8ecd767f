/** Computes a key's next value from its current one; undefined means absent, for both. */
export type Update = (value: unknown) => unknown

/** What a request did to one top-level key. */
export interface Change {
  /** The functions passed to `modify`, in order; undefined if the value was set or deleted outright. */
  readonly updates: readonly Update[] | undefined
  /** The result of the last update, serialised. If the value differs from it at commit, it was changed in place afterwards. */
  readonly outcome: string | undefined
}

const REPLACED: Change = Object.freeze({ updates: undefined, outcome: undefined })

/** What a request did to its session since it was last stored, so that it can be replayed on what another request stored. */
export class ChangeLog {
  /** Whether the session is to be saved. */
  modified = false
  /** Whether the dictionary was emptied, before the changes of `keys`. */
  cleared = false
  /** Whether `setExpiry` was called. */
  expirySet = false
  /** Whether `cycleKey` was called. */
  rotated = false
  /** Whether the log begins with a `flush`, which supersedes all earlier changes. */
  flushed = false
  #keys: Map<string, Change> | undefined

  /** The changes by key, except those made in place or through `data`. */
  get keys(): ReadonlyMap<string, Change> {
    return this.#keys ?? NONE
  }

  /** Records that a key was set or deleted. */
  replace(key: string): void {
    this.#put(key, REPLACED)
  }

  /** Records that a key was modified: it is replayed by running `updates`, unless this request had set it before. */
  modify(key: string, updates: readonly Update[], outcome: string | undefined): void {
    const earlier = this.#keys?.get(key)
    if (earlier === undefined && !this.cleared) this.#put(key, { updates, outcome })
    else if (earlier?.updates === undefined) this.#put(key, REPLACED)
    else this.#put(key, { updates: earlier.updates.concat(updates), outcome })
  }

  /** Records that the updates of a key were replayed, with this outcome. */
  replayed(key: string, outcome: string | undefined): void {
    this.#put(key, { updates: this.#keys?.get(key)?.updates, outcome })
  }

  /** Records that the dictionary was emptied, which supersedes earlier changes of single keys. */
  clear(): void {
    this.cleared = true
    this.#keys = undefined
  }

  /** Returns a log of this one's changes followed by those of `later`. */
  followedBy(later: ChangeLog): ChangeLog {
    if (later.flushed) return later
    const both = new ChangeLog()
    both.modified = this.modified || later.modified
    both.cleared = this.cleared || later.cleared
    both.expirySet = this.expirySet || later.expirySet
    both.rotated = this.rotated || later.rotated
    both.flushed = this.flushed
    if (!later.cleared && this.#keys !== undefined) both.#keys = new Map(this.#keys)
    for (const [key, change] of later.keys) {
      if (change.updates === undefined) both.replace(key)
      else both.modify(key, change.updates, change.outcome)
    }
    return both
  }

  #put(key: string, change: Change): void {
    this.#keys ??= new Map()
    this.#keys.set(key, change)
  }
}

const NONE: ReadonlyMap<string, Change> = new Map()
