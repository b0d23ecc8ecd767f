import { platform } from '@sessions/core/platform'
import type { Holder, LockFiles } from './lock-files.ts'
import { lockOf } from './places.ts'
import { turns } from './turns.ts'

/** Locks that exclude all users of the same directory, in this process and in others on the same machine. */
export interface Locks {
  /**
   * Runs the task while holding the lock of that file.
   *
   * @throws {Error} when somebody else holds the lock for longer than the timeout.
   */
  readonly holding: <Answer>(path: string, task: () => Promise<Answer>) => Promise<Answer>
  /** Runs the task while holding the lock of that file, if the lock is free right now. */
  readonly ifFree: (path: string, task: () => Promise<void>) => Promise<void>
  /** Removes a lock whose owner has died, or failed to release it. */
  readonly clear: (lock: string) => Promise<void>
}

/** The longest pause between two attempts to take a lock, in milliseconds. */
const LONGEST_PAUSE = 16

/**
 * Locks files, by means of lock files.
 *
 * @param timeout How long to wait for a live owner, in milliseconds.
 */
export function fileLocks(files: LockFiles, timeout: number): Locks {
  const inTurn = turns()
  /** Locks that could not be released: the disk was read-only for a moment, for example. */
  const unreleased = new Set<string>()

  const release = async (lock: string): Promise<void> => {
    try {
      await files.release(lock)
    } catch (error) {
      unreleased.add(lock)
      throw error
    }
  }

  /** Releases a lock that could not be released before, unless somebody else has taken it since. */
  const releaseLeft = async (lock: string): Promise<void> => {
    try {
      const holder = await files.holderOf(lock)
      if (holder && files.isOwn(holder)) await files.release(lock)
    } catch (error) {
      unreleased.add(lock)
      throw error
    }
  }

  const acquire = async (lock: string, until: number): Promise<void> => {
    if (unreleased.delete(lock)) await releaseLeft(lock)
    for (let pause = 1; !(await files.take(lock)); pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      const holder = await files.holderOf(lock)
      if (holder && files.isGone(holder)) await removeStale(lock, until)
      else if (performance.now() >= until) throw busy(holder, timeout)
      else if (holder) await platform.sleep(Math.random() * pause)
    }
  }

  /**
   * Several callers may find the same lock stale. A second lock makes them check again and remove it one at a time;
   * otherwise, one would remove the lock that another has just taken.
   */
  const removeStale = async (lock: string, until: number): Promise<void> => {
    const guard = `${lock}.steal`
    await acquire(guard, until)
    try {
      const holder = await files.holderOf(lock)
      if (holder && files.isGone(holder)) await files.release(lock)
    } finally {
      await release(guard)
    }
  }

  const clear = async (lock: string): Promise<void> => {
    if (unreleased.delete(lock)) return releaseLeft(lock)
    const holder = await files.holderOf(lock)
    if (holder && files.isGone(holder)) await removeStale(lock, performance.now() + timeout)
  }

  const whileHeld = async <Answer>(lock: string, task: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await task()
    } finally {
      await release(lock)
    }
  }

  return {
    async holding(path, task) {
      // Counted from the call, not from its turn in this process: the calls before it may have waited just as long.
      const until = performance.now() + timeout
      return inTurn(path, async () => {
        const lock = lockOf(path)
        await acquire(lock, until)
        return whileHeld(lock, task)
      })
    },

    ifFree: async (path, task) =>
      inTurn(path, async () => {
        const lock = lockOf(path)
        if (!(await files.take(lock))) {
          await clear(lock)
          if (!(await files.take(lock))) return
        }
        await whileHeld(lock, task)
      }),

    clear,
  }
}

function busy(holder: Holder | undefined, timeout: number): Error {
  const who = holder?.owner ? `process ${holder.owner.pid}` : 'an unknown process'
  return new Error(
    `The session's lock was not released for ${timeout} ms (lockTimeout): ${who} holds it. Check whether that ` +
      'process is stopped or its disk too slow; the lock of a process that has died is taken over at once.',
  )
}
