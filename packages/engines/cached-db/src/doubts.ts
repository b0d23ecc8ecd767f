/** How many ids are doubted one by one: some 2 MB. */
const MOST = 10_000

/** An id under which the cache may hold what is old. */
export interface Doubt {
  readonly id: string
}

/** The ids under which the cache may hold what is old, because nobody knows whether it was deleted. */
export interface Doubts {
  readonly has: (id: string) => boolean
  readonly add: (id: string) => void
  /** One of them, to be settled. */
  readonly next: () => Doubt | undefined
  /** The entry was deleted. Not enough where the id has come to be doubted again since the doubt was handed out. */
  readonly settle: (doubt: Doubt) => void
}

/**
 * No doubts yet. Where they become too many to be remembered, everything is doubted until whatever is old by then has gone.
 *
 * @param now The time in epoch milliseconds.
 * @param lifetime How long anything old can stay in the cache, in milliseconds.
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
