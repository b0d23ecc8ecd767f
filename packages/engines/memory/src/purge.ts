import { checkClearExpired, type ClearExpiredOptions } from '@sessions/core'

/** What a purge looks at, and how. */
interface Purge<Entry> {
  readonly values: () => Iterable<Entry>
  /** Removes the entry if it has expired; answers whether. */
  readonly removeExpired: (entry: Entry) => boolean
  /** Resolves when others had their turn. */
  readonly pause: () => Promise<void>
}

/**
 * Removes what has expired, and resolves the number. Looks at `batchSize` entries at a time, so that no batch takes
 * long, however few of many have expired.
 *
 * @throws {InvalidSettingError} when an option is unknown or misused.
 */
export async function purge<Entry>(
  { values, removeExpired, pause }: Purge<Entry>,
  how: ClearExpiredOptions,
): Promise<number> {
  checkClearExpired(how)
  const { batchSize = 1000, onProgress, signal } = how
  signal?.throwIfAborted()
  let deleted = 0
  let seen = 0
  for (const entry of values()) {
    if (removeExpired(entry)) deleted += 1
    seen += 1
    if (seen % batchSize !== 0) continue
    onProgress?.(deleted)
    // After the entry, never between it and its removal: its id may have a new life by then.
    await pause()
    signal?.throwIfAborted()
  }
  onProgress?.(deleted)
  return deleted
}
