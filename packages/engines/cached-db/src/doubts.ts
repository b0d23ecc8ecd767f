/** How many ids are remembered one by one: some 2 MB. */
const MOST = 10_000

/** An id under which the cache may hold an old entry. */
export interface Doubt {
  readonly id: string
}

/** The ids under which the cache may hold an old entry, because nobody knows whether it was deleted. */
export interface Doubts {
  readonly has: (id: string) => boolean
  readonly add: (id: string) => void
  /** One of them, whose entry is to be deleted. */
  readonly next: () => Doubt | undefined
  /** Says that the entry was deleted. Has no effect if the id was added again after `next` returned this doubt. */
  readonly settle: (doubt: Doubt) => void
}

/**
 * Begins without doubts. If they become too many to remember, every id is doubted until all old entries have expired.
 *
 * @param now The time in epoch milliseconds.
 * @param lifetime How long an old entry can stay in the cache, in milliseconds.
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
