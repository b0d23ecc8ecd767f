import type { Clock } from '@sessions/core'
import { copyOf, lease, type Row } from './entry.ts'
import { UNAVAILABLE, type FrailCache } from './frail-cache.ts'

/**
 * How long a lease lasts, in milliseconds, if the process that took it dies. It is longer than the timeout of a
 * database call. While it lasts, reads do not copy the row.
 */
const LEASE = 10_000

/** The copies in the cache. A copy only ever replaces a lease that was taken before the database was asked. */
export interface Copies {
  /** Creates a lease if the id has no entry; returns its version. */
  readonly take: (id: string) => Promise<string | undefined>
  /** Replaces any entry by a lease: while that is there, there is no copy, and nobody else can put one. */
  readonly seize: (id: string) => Promise<string | undefined>
  /**
   * Replaces the entry by a copy of the row if it still has that version. Returns false if there is another entry,
   * which may be older than the row.
   *
   * @param asked When the database was asked, in epoch milliseconds.
   */
  readonly put: (id: string, held: string, row: Row, asked: number) => Promise<boolean>
  /** Deletes the entry if it still has that version. */
  readonly end: (id: string, held: string) => Promise<unknown>
}

/** @param lifetime How long a copy is used, in milliseconds. */
export function copiesIn(cache: FrailCache, clock: Clock, lifetime: number): Copies {
  const newLease = (): ReturnType<typeof lease> => lease(clock.now() + LEASE)
  const take: Copies['take'] = async (id) => {
    const answer = await cache.create(id, newLease())
    return answer !== UNAVAILABLE && answer.status === 'saved' ? answer.version : undefined
  }
  return {
    take,
    async seize(id) {
      const answer = await cache.save(id, newLease())
      if (answer === UNAVAILABLE) return undefined
      return answer.status === 'saved' ? answer.version : take(id)
    },
    async put(id, held, row, asked) {
      const answer = await cache.save(id, copyOf(row, asked + lifetime), held)
      // If the entry is missing, there is no copy, and any later one is at least as new as the row.
      return answer !== UNAVAILABLE && answer.status !== 'conflict'
    },
    end: (id, held) => cache.delete(id, held),
  }
}
