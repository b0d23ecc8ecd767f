import type { StoreTime } from '@sessions/testing'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * The time of a store whose clock cannot be set: `advance` waits.
 *
 * @param now Reads the store's clock; by default, that of this process.
 */
export function waitingTime(now: StoreTime['now'] = () => Date.now()): StoreTime {
  return {
    now,
    async advance(milliseconds) {
      const due = (await now()) + milliseconds
      // A timer may fire early.
      for (let left = milliseconds; left > 0; left = due - (await now())) await wait(left)
    },
  }
}
