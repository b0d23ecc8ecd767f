import { checkClearExpired, type ClearExpiredOptions } from '@sessions/core'

/** What a purge scans, and how. */
interface Purge<Entry> {
  readonly values: () => Iterable<Entry>
  /** Removes the entry if it has expired; returns whether it had. */
  readonly removeExpired: (entry: Entry) => boolean
  /** Resolves after other work has run. */
  readonly pause: () => Promise<void>
}

/**
 * Removes the expired entries and resolves to their number. `batchSize` counts the entries examined, not those removed,
 * so that no batch takes long, however few entries have expired.
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
    // Never between an entry's check and its removal: meanwhile, the id could be created again.
    await pause()
    signal?.throwIfAborted()
  }
  onProgress?.(deleted)
  return deleted
}
