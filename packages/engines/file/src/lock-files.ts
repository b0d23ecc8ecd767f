import { Buffer } from 'node:buffer'
import { dirname, join } from 'node:path'
import {
  codeOf,
  isNoFile,
  link,
  readBeginning,
  reading,
  stat,
  statLink,
  unlessAbsent,
  unlink,
  writeNew,
} from './files.ts'
import { isSame, lifeOf, readOwner, thisThread, type Owner } from './owner.ts'
import { ownerName } from './places.ts'
import { startOf } from './threads.ts'

/** The holder of a lock. */
export interface Holder {
  /** Undefined if the lock does not name its owner. */
  readonly owner: Owner | undefined
  /**
   * When the owner last took or released any lock, in epoch milliseconds: that changes the ctime of the owner's file.
   */
  readonly active: number
}

/** Locks, each of which is a file. */
export interface LockFiles {
  /** Creates the lock; returns false if it exists. */
  readonly take: (lock: string) => Promise<boolean>
  /** Removes the lock, if it exists. */
  readonly release: (lock: string) => Promise<void>
  /** The holder of the lock, if it exists. */
  readonly holderOf: (lock: string) => Promise<Holder | undefined>
  /** Whether the holder has died, and will never release the lock. */
  readonly isGone: (holder: Holder) => boolean
  /** Whether the holder is this thread. */
  readonly isOwn: (holder: Holder) => boolean
}

/** How long an owner that cannot be checked counts as alive after it last took or released a lock, in milliseconds. */
const LONGEST_SILENCE = 600_000

/**
 * A lock is a hard link to a file that describes its owner. Creating the link fails if it exists, as opening with
 * O_EXCL does, but the link names the owner from the first moment: a process that is killed never leaves a lock without
 * one.
 *
 * @param makeFolder Creates a folder if it does not exist.
 */
export function lockFiles(
  directory: string,
  makeFolder: (folder: string) => Promise<void>,
): LockFiles {
  let self: Owner | undefined
  let owner: Promise<string> | undefined

  const write = async (): Promise<string> => {
    await makeFolder(directory)
    const path = join(directory, ownerName())
    self ??= thisThread()
    await writeNew(path, Buffer.from(JSON.stringify(self)))
    return path
  }
  const ownerFile = async (): Promise<string> => {
    owner ??= write().catch((error: unknown) => {
      owner = undefined
      throw error
    })
    return owner
  }
  const makeFilesAndTake = async (lock: string): Promise<void> => {
    await makeFolder(dirname(lock))
    const known = await ownerFile()
    if (!(await unlessAbsent(statLink(known)))) owner = undefined
    await link(await ownerFile(), lock)
  }

  return {
    async take(lock) {
      try {
        await link(await ownerFile(), lock).catch(async (error: unknown) => {
          // The folder's first lock, or somebody has emptied the directory.
          if (codeOf(error) !== 'ENOENT') throw error
          await makeFilesAndTake(lock)
        })
        return true
      } catch (error) {
        if (codeOf(error) === 'EEXIST') return false
        throw error
      }
    },

    async release(lock) {
      await unlessAbsent(unlink(lock))
    },

    holderOf: async (lock) => unlessAbsent(readHolder(lock)),

    isGone({ owner: holder, active }) {
      self ??= thisThread()
      const life = lifeOf(holder, self, holder && startOf(holder.pid, holder.thread))
      return life === 'dead' || (life === 'unknown' && Date.now() - active > LONGEST_SILENCE)
    },

    isOwn({ owner: holder }) {
      self ??= thisThread()
      return holder !== undefined && isSame(holder, self)
    },
  }
}

async function readHolder(lock: string): Promise<Holder> {
  try {
    return await reading(lock, async (file) => {
      const [{ bytes }, { ctimeMs }] = await Promise.all([readBeginning(file), stat(file)])
      return { owner: readOwner(bytes.toString('utf8')), active: ctimeMs }
    })
  } catch (error) {
    if (!isNoFile(error)) throw error
    return { owner: undefined, active: (await statLink(lock)).ctimeMs }
  }
}
