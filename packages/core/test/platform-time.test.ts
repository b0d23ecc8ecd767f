import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { platform as node } from '../src/platform/node.ts'
import { platforms } from './support/platforms.ts'

describe('the platform of Node', () => {
  afterEach(restoreTime)

  it('wakes up even if a test has faked the global timers', async () => {
    vi.useFakeTimers()

    await node.sleep(0)

    expect(vi.isFakeTimers()).toBe(true)
  })
})

describe.each(platforms)('the platform %s', (_, platform) => {
  describe('time', () => {
    afterEach(restoreTime)

    it('is in epoch milliseconds', () => {
      vi.useFakeTimers({ now: 1_700_000_000_123 })

      expect(platform.now()).toBe(1_700_000_000_123)
    })

    it('passes in a sleep for the given time, and no longer', async () => {
      fakeAllTimers()
      const woken = vi.fn<() => void>()

      const sleeping = platform.sleep(20).then(woken)

      await vi.advanceTimersByTimeAsync(19)
      expect(woken).not.toHaveBeenCalled()
      await vi.advanceTimersByTimeAsync(1)
      expect(woken).toHaveBeenCalledOnce()
      await sleeping
    })
  })
})

/** Including those of `node:timers`, which Node's platform uses. */
function fakeAllTimers(): void {
  vi.useFakeTimers()
  vi.spyOn(timers, 'setTimeout').mockImplementation(globalThis.setTimeout)
  syncBuiltinESMExports()
}

function restoreTime(): void {
  vi.useRealTimers()
  vi.restoreAllMocks()
  syncBuiltinESMExports()
}
