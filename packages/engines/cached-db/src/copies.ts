import type { Clock } from '@sessions/core'
import { copyOf, lease, type Row } from './entry.ts'
import { UNAVAILABLE, type FrailCache } from './frail-cache.ts'

/**
 * How long a lease lasts that nobody ends, in milliseconds: its process died. Longer than the database is waited for, and
 * while it lasts, the row is read without being copied.
 */
const LEASE = 10_000

/** The copies in the cache. None is put there but in the place of a lease that was there before the database was asked. */
export interface Copies {
  /** Puts a lease where nothing is; answers its version. */
  readonly take: (id: string) => Promise<string | undefined>
  /** Puts a lease in the place of whatever is there: until it is replaced, there is no copy, and nobody else puts one. */
  readonly seize: (id: string) => Promise<string | undefined>
  /**
   * Puts a copy of the row in the place of what has that version. False where something else is there, which may be older
   * than the row.
   *
   * @param asked When the database was asked, in epoch milliseconds.
   */
  readonly put: (id: string, held: string, row: Row, asked: number) => Promise<boolean>
  /** Deletes what has that version. */
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
      // Missing: nothing is there, and whatever comes now is as new as the row.
      return answer !== UNAVAILABLE && answer.status !== 'conflict'
    },
    end: (id, held) => cache.delete(id, held),
  }
}
