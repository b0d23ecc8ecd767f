import type { Dirent } from 'node:fs'
import { opendir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { checkClearExpired, type ClearExpiredOptions } from '@sessions/core'
import { unlessAbsent, unlink } from './files.ts'
import type { LockFiles } from './lock-files.ts'
import type { Locks } from './locks.ts'
import { isFolder, kindOf, recordOf } from './places.ts'

/** What a purge works with. */
interface Purge {
  readonly directory: string
  readonly files: LockFiles
  readonly locks: Locks
  /** Whether the file holds an expired record. */
  readonly isExpired: (path: string) => Promise<boolean>
}

/** How many files are processed at once. Node's thread pool for files has four threads: one is left to requests. */
const AT_ONCE = 3

/**
 * Removes expired records, the leftovers of crashes, and nothing else; resolves to the number of records. `batchSize`
 * counts the files examined. A file or folder that cannot be read, such as another user's, does not keep the others from
 * being examined: the purge rejects with its error at the end.
 *
 * @throws {InvalidSettingError} when an option is unknown or misused.
 */
export async function purge(using: Purge, how: ClearExpiredOptions): Promise<number> {
  checkClearExpired(how)
  const { batchSize = 1000, onProgress, signal } = how
  signal?.throwIfAborted()
  let deleted = 0
  let seen = 0
  let group: string[] = []
  const failures: unknown[] = []
  const cleanGroup = async (): Promise<void> => {
    const results = await Promise.allSettled(group.map(async (path) => clean(path, using)))
    for (const result of results) {
      if (result.status === 'rejected') failures.push(result.reason)
      else if (result.value) deleted += 1
    }
    // The first is enough: there may be a million.
    failures.splice(1)
    group = []
  }
  for await (const path of filesBelow(using.directory, (error) => failures.push(error))) {
    group.push(path)
    seen += 1
    const isBatch = seen % batchSize === 0
    if (group.length < AT_ONCE && !isBatch) continue
    await cleanGroup()
    if (!isBatch) continue
    onProgress?.(deleted)
    signal?.throwIfAborted()
  }
  await cleanGroup()
  onProgress?.(deleted)
  if (failures.length > 0) throw failures[0]
  return deleted
}

/** Cleans up a file; returns whether an expired record was deleted. */
async function clean(path: string, { files, locks, isExpired }: Purge): Promise<boolean> {
  let deleted = false
  switch (kindOf(basename(path))) {
    case 'record':
      if (!(await isExpired(path))) break
      await locks.ifFree(path, async () => {
        // Before the lock was taken, the session may have been created again.
        if (!(await isExpired(path))) return
        await unlessAbsent(unlink(path))
        deleted = true
      })
      break
    case 'temporary':
      // Only the holder of the lock writes one: if nobody holds it, the writer has died.
      await locks.ifFree(recordOf(path), async () => {
        await unlessAbsent(unlink(path))
      })
      break
    case 'lock':
      await locks.clear(path)
      break
    case 'owner': {
      const holder = await files.holderOf(path)
      if (holder && files.isGone(holder)) await files.release(path)
      break
    }
    case 'foreign':
  }
  return deleted
}

/**
 * Every file of the directory and its folders, listed piece by piece, because there may be a million.
 *
 * @param failed Called with the error of a folder that cannot be read.
 */
async function* filesBelow(
  directory: string,
  failed: (error: unknown) => void,
): AsyncGenerator<string> {
  for await (const found of entriesOf(directory)) {
    const path = join(directory, found.name)
    // A symlink to a folder does not count as a directory, and so is not followed.
    if (!found.isDirectory()) yield path
    else if (isFolder(found.name)) {
      try {
        for await (const { name } of entriesOf(path)) yield join(path, name)
      } catch (error) {
        failed(error)
      }
    }
  }
}

async function* entriesOf(folder: string): AsyncGenerator<Dirent> {
  const entries = await unlessAbsent(opendir(folder))
  if (entries) yield* entries
}
