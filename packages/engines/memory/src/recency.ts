/** The links that the list keeps in each entry. */
export interface Linked<Entry> {
  older: Entry | undefined
  newer: Entry | undefined
}

/** Entries in the order of their last use. */
export interface Recency<Entry> {
  /** The least recently used entry. */
  readonly oldest: () => Entry | undefined
  /** Adds a new entry, as the most recently used. */
  readonly add: (entry: Entry) => void
  /** Marks an entry of the list as the most recently used. */
  readonly use: (entry: Entry) => void
  readonly remove: (entry: Entry) => void
}

/**
 * A doubly linked list through the entries. Deleting a Map's key and setting it again would keep the order too. But
 * with 100,000 entries, the Map stalls for some 10 ms whenever it rehashes, and skipping the deleted keys to find the
 * first live one takes 40 microseconds.
 */
export function recency<Entry extends Linked<Entry>>(): Recency<Entry> {
  let oldest: Entry | undefined
  let newest: Entry | undefined

  const add = (entry: Entry): void => {
    entry.older = newest
    entry.newer = undefined
    if (newest) newest.newer = entry
    else oldest = entry
    newest = entry
  }
  const remove = (entry: Entry): void => {
    const { older, newer } = entry
    if (older) older.newer = newer
    else oldest = newer
    if (newer) newer.older = older
    else newest = older
    // A reference to a removed entry must not keep its neighbours alive.
    entry.older = undefined
    entry.newer = undefined
  }

  return {
    oldest: () => oldest,
    add,
    remove,
    use(entry) {
      if (entry === newest) return
      remove(entry)
      add(entry)
    },
  }
}
