import { checkClearExpired, type ClearExpiredOptions, type MaybePromise } from '@sessions/core'
import { pause } from './pause.ts'

/** The result of a batch. */
export interface Batch {
  readonly deleted: number
  /** Whether nothing is left to delete. */
  readonly isLast: boolean
}

/** How batches are deleted. */
interface Purge {
  /** Deletes at most `limit` expired records, in a transaction of its own. */
  readonly deleteBatch: (limit: number) => MaybePromise<Batch>
  /** How many records a batch has by default. */
  readonly defaultSize?: number
  /** Whether a batch blocks this process. If so, each is followed by a pause as long as it took. */
  readonly holdsUp?: boolean
}

/**
 * Deletes batch after batch until nothing is left, and resolves to the number of records.
 *
 * @throws {InvalidSettingError} when an option is unknown or misused.
 */
export async function purge(
  { deleteBatch, defaultSize = 1000, holdsUp = false }: Purge,
  how: ClearExpiredOptions,
): Promise<number> {
  checkClearExpired(how)
  const { batchSize = defaultSize, onProgress, signal } = how
  let deleted = 0
  for (;;) {
    signal?.throwIfAborted()
    const start = performance.now()
    const batch = await deleteBatch(batchSize)
    deleted += batch.deleted
    onProgress?.(deleted)
    if (batch.isLast) return deleted
    await pause(holdsUp ? performance.now() - start : 0)
  }
}
