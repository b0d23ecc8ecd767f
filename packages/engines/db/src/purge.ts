import { InvalidSettingError, type ClearExpiredOptions, type MaybePromise } from '@sessions/core'
import { pause } from './pause.ts'

/** What a batch came to. */
export interface Batch {
  readonly deleted: number
  /** Whether nothing is left to be deleted. */
  readonly isLast: boolean
}

/** How batches are deleted. */
export interface Purge extends ClearExpiredOptions {
  /** Deletes so many expired records at most, in a transaction of its own. */
  readonly deleteBatch: (limit: number) => MaybePromise<Batch>
  /** Whether a batch holds up this process, which then is left to others for as long as that took. */
  readonly holdsUp?: boolean
}

/**
 * Deletes batch after batch until nothing is left, and resolves the number of all.
 *
 * @throws {InvalidSettingError} when `batchSize` is not a positive whole number.
 */
export async function purge({
  deleteBatch,
  holdsUp = false,
  batchSize = 1000,
  onProgress,
  signal,
}: Purge): Promise<number> {
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new InvalidSettingError('batchSize', 'must be a whole number of records, 1 or more.')
  }
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
