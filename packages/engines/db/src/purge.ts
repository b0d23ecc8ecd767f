import { InvalidSettingError, type ClearExpiredOptions, type MaybePromise } from '@sessions/core'

/** The part of the timers that is used here. */
interface Timers {
  readonly setTimeout: (callback: () => void, milliseconds: number) => unknown
}

/** What a batch came to. */
export interface Batch {
  readonly deleted: number
  /** Whether nothing is left to be deleted. */
  readonly isLast: boolean
}

/**
 * Deletes batch after batch until nothing is left, and resolves the number of all.
 *
 * @param deleteBatch Deletes so many expired records at most, in a transaction of its own.
 * @throws {InvalidSettingError} when `batchSize` is not a positive whole number.
 */
export async function purge(
  deleteBatch: (limit: number) => MaybePromise<Batch>,
  { batchSize = 1000, onProgress, signal }: ClearExpiredOptions,
): Promise<number> {
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new InvalidSettingError('batchSize', 'must be a whole number of records, 1 or more.')
  }
  let deleted = 0
  for (;;) {
    signal?.throwIfAborted()
    const batch = await deleteBatch(batchSize)
    deleted += batch.deleted
    onProgress?.(deleted)
    if (batch.isLast) return deleted
    await pause()
  }
}

/** Lets what waits for this thread, or for the database's lock, have its turn. */
async function pause(): Promise<void> {
  await new Promise<void>((resolve) => {
    ;(globalThis as unknown as Timers).setTimeout(resolve, 0)
  })
}
