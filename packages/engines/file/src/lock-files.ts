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
import { lifeOf, readOwner, thisThread, type Owner } from './owner.ts'
import { ownerName } from './places.ts'
import { startOf } from './threads.ts'

/** Somebody who holds a lock. */
export interface Holder {
  readonly owner: Owner | undefined
  /** When the owner last took or gave back any lock, in epoch milliseconds: each time, the time of the file changes. */
  readonly active: number
}

/** Locks, each of which is a file. */
export interface LockFiles {
  /** Makes the lock; returns false if there is one. */
  readonly take: (lock: string) => Promise<boolean>
  /** Removes the lock, if it is there. */
  readonly release: (lock: string) => Promise<void>
  /** Who holds the lock, if it is there. */
  readonly holderOf: (lock: string) => Promise<Holder | undefined>
  /** Whether the holder has died, and will never give the lock back. */
  readonly isGone: (holder: Holder) => boolean
}

/** For how long an owner that does nothing counts as alive, in milliseconds, if nobody can tell whether it is. */
const LONGEST_SILENCE = 600_000

/**
 * A lock is a hard link to a file that describes its owner. Making the link fails if it exists, as opening with O_EXCL
 * does, and the link names the owner from its first moment on: a process that is killed never leaves a lock without an
 * owner.
 *
 * @param makeFolder Makes a folder if it does not exist.
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
  const takeAnew = async (lock: string): Promise<void> => {
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
          await takeAnew(lock)
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
