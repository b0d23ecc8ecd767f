/** A function from a key's value to its next one; undefined stands for absence, both ways. */
export type Update = (value: unknown) => unknown

/** What a request did to one top-level key. */
export interface Change {
  /** The functions that `modify` was given, in their order; undefined where the value was set or deleted outright. */
  readonly updates: readonly Update[] | undefined
  /** The text of the last one's outcome: another text at commit means a change behind it. */
  readonly outcome: string | undefined
}

const REPLACED: Change = Object.freeze({ updates: undefined, outcome: undefined })

/** What a request did to its session since it was last stored: enough to do it again on what another request stored. */
export class ChangeLog {
  /** Whether the session is to be saved. */
  modified = false
  /** Whether the dictionary was emptied, before the changes of `keys`. */
  cleared = false
  /** Whether the expiry was set. */
  expirySet = false
  /** Whether the key is to be exchanged. */
  rotated = false
  #keys: Map<string, Change> | undefined

  /** The keys that were changed by name. */
  get keys(): ReadonlyMap<string, Change> {
    return this.#keys ?? NONE
  }

  /** A key was set or deleted. */
  replace(key: string): void {
    this.#put(key, REPLACED)
  }

  /** A key was computed from its own value, which is what it is replayed as, unless this request had set it before. */
  modify(key: string, updates: readonly Update[], outcome: string | undefined): void {
    const earlier = this.#keys?.get(key)
    if (earlier === undefined && !this.cleared) this.#put(key, { updates, outcome })
    else if (earlier?.updates === undefined) this.#put(key, REPLACED)
    else this.#put(key, { updates: [...earlier.updates, ...updates], outcome })
  }

  /** The updates of a key were replayed, with that outcome. */
  replayed(key: string, outcome: string | undefined): void {
    this.#put(key, { updates: this.#keys?.get(key)?.updates, outcome })
  }

  /** The dictionary was emptied: what was done to single keys before is no more. */
  clear(): void {
    this.cleared = true
    this.#keys = undefined
  }

  /** This log and then that one, as one. */
  followedBy(later: ChangeLog): ChangeLog {
    const both = new ChangeLog()
    both.modified = this.modified || later.modified
    both.cleared = this.cleared || later.cleared
    both.expirySet = this.expirySet || later.expirySet
    both.rotated = this.rotated || later.rotated
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
