/** How many ids are remembered one by one: some 2 MB. */
const MOST = 10_000

/** An id under which the cache may hold a stale entry. */
export interface Doubt {
  readonly id: string
}

/** The ids under which the cache may hold a stale entry, because its deletion was not confirmed. */
export interface Doubts {
  readonly has: (id: string) => boolean
  readonly add: (id: string) => void
  /** One of these ids, whose entry has to be deleted. */
  readonly next: () => Doubt | undefined
  /** Removes the doubt, after its entry was deleted, unless the id was added again since `next` returned this doubt. */
  readonly settle: (doubt: Doubt) => void
}

/**
 * Begins without doubts. If there are too many to remember, every id is doubted until all stale entries have expired.
 *
 * @param now The time in epoch milliseconds.
 * @param lifetime How long a stale entry can stay in the cache, in milliseconds.
 */
export function noDoubts(now: () => number, lifetime: number): Doubts {
  const byId = new Map<string, Doubt>()
  let allUntil: number | undefined
  return {
    has: (id) => (byId.size > 0 && byId.has(id)) || (allUntil !== undefined && now() < allUntil),
    add(id) {
      if (byId.size >= MOST && !byId.has(id)) {
        byId.clear()
        allUntil = now() + lifetime
      }
      byId.set(id, { id })
    },
    next: () => byId.values().next().value,
    settle(doubt) {
      if (byId.get(doubt.id) === doubt) byId.delete(doubt.id)
    },
  }
}
