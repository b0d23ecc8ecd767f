import { platform } from '@sessions/core/platform'
import type { Holder, LockFiles } from './lock-files.ts'
import { lockOf } from './places.ts'
import { turns } from './turns.ts'

/** Locks against all users of the same directory, in this process and in others on the same machine. */
export interface Locks {
  /**
   * Does the task while nobody else holds the lock of that file.
   *
   * @throws {Error} when somebody else holds it for too long.
   */
  readonly holding: <Answer>(path: string, task: () => Promise<Answer>) => Promise<Answer>
  /** Does the task if nobody else holds the lock of that file right now. */
  readonly ifFree: (path: string, task: () => Promise<void>) => Promise<void>
  /** Removes a lock whose owner has died, or could not give it back. */
  readonly clear: (lock: string) => Promise<void>
}

/** The longest pause between two looks at a lock, in milliseconds. */
const LONGEST_PAUSE = 16

/**
 * Begins with no lock held.
 *
 * @param timeout How long a live owner is waited for, in milliseconds.
 */
export function fileLocks(files: LockFiles, timeout: number): Locks {
  const inTurn = turns()
  /** Locks that could not be given back: the disk was read-only for a moment, for example. */
  const left = new Set<string>()

  const giveBack = async (lock: string): Promise<void> => {
    try {
      await files.release(lock)
    } catch (error) {
      left.add(lock)
      throw error
    }
  }

  const acquire = async (lock: string, until: number): Promise<void> => {
    if (left.delete(lock)) await giveBack(lock)
    for (let pause = 1; !(await files.take(lock)); pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      const holder = await files.holderOf(lock)
      if (holder && files.isGone(holder)) await removeStale(lock, until)
      else if (performance.now() >= until) throw busy(holder, timeout)
      else if (holder) await platform.sleep(Math.random() * pause)
    }
  }

  /**
   * Several callers may find a lock stale. One at a time looks again and removes it: otherwise the second would remove
   * the lock that the first has taken by then.
   */
  const removeStale = async (lock: string, until: number): Promise<void> => {
    const guard = `${lock}.steal`
    await acquire(guard, until)
    try {
      const holder = await files.holderOf(lock)
      if (holder && files.isGone(holder)) await files.release(lock)
    } finally {
      await giveBack(guard)
    }
  }

  const clear = async (lock: string): Promise<void> => {
    if (left.delete(lock)) return giveBack(lock)
    const holder = await files.holderOf(lock)
    if (holder && files.isGone(holder)) await removeStale(lock, performance.now() + timeout)
  }

  const whileHeld = async <Answer>(lock: string, task: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await task()
    } finally {
      await giveBack(lock)
    }
  }

  return {
    async holding(path, task) {
      // Counted from here and not from its turn: those before it may have waited just as long.
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
  const who = holder?.owner ? `process ${holder.owner.pid}` : 'somebody'
  return new Error(
    `The session's lock was not to be had for ${timeout} ms: ${who} holds it. Is that process stopped, or ` +
      'its disk too slow? A lock whose process has died is taken over at once.',
  )
}
