import type { Attributes, Clock, SessionRecord } from '@sessions/core'
import { compact } from './compact.ts'
import { recency, type Linked } from './recency.ts'

/** One flat object per session, which saves memory: there may be a hundred thousand. */
export interface Entry extends Linked<Entry> {
  /** A compact copy, because the caller's string may be a slice that keeps a whole Cookie header alive. */
  readonly id: string
  data: string
  expiresAt: number
  version: number
  attributes: Attributes | undefined
}

/** The entries by id, at most `maxEntries` of them. */
export interface Entries {
  readonly size: () => number
  readonly values: () => Iterable<Entry>
  /** Returns the entry unless it is absent or has expired; removes it if it has expired. */
  readonly live: (id: string) => Entry | undefined
  /** Adds an entry. If the limit is reached, evicts the least recently used one first. */
  readonly insert: (id: string, record: SessionRecord) => Entry
  /** Replaces the entry's record and gives it a new version. */
  readonly update: (entry: Entry, record: SessionRecord) => void
  /** Marks the entry as the most recently used. */
  readonly use: (entry: Entry) => void
  readonly remove: (entry: Entry) => void
  /** Removes the entry if it has expired; returns whether it had. */
  readonly removeExpired: (entry: Entry) => boolean
}

/** Creates an empty collection. */
export function boundedEntries(maxEntries: number, clock: Clock): Entries {
  const entries = new Map<string, Entry>()
  const order = recency<Entry>()
  let writes = 0

  const remove = (entry: Entry): void => {
    entries.delete(entry.id)
    order.remove(entry)
  }
  const removeExpired = (entry: Entry): boolean => {
    const expired = entry.expiresAt <= clock.now()
    if (expired) remove(entry)
    return expired
  }

  return {
    size: () => entries.size,
    values: () => entries.values(),
    live(id) {
      const entry = entries.get(id)
      return entry && !removeExpired(entry) ? entry : undefined
    },
    insert(id, record) {
      const unused = entries.size < maxEntries ? undefined : order.oldest()
      if (unused) remove(unused)
      writes += 1
      const entry: Entry = {
        id: compact(id),
        data: compact(record.data),
        expiresAt: record.expiresAt,
        version: writes,
        attributes: copyOf(record.attributes),
        older: undefined,
        newer: undefined,
      }
      entries.set(entry.id, entry)
      order.add(entry)
      return entry
    },
    update(entry, record) {
      writes += 1
      entry.data = compact(record.data)
      entry.expiresAt = record.expiresAt
      entry.version = writes
      entry.attributes = copyOf(record.attributes)
      order.use(entry)
    },
    use: order.use,
    remove,
    removeExpired,
  }
}

/** Frozen, so that every `load` can hand out the same object. */
function copyOf(attributes: Attributes | undefined): Attributes | undefined {
  return attributes && Object.freeze({ ...attributes })
}
