import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { purge, type Batch } from '../src/purge.ts'

/** How long each batch takes, in milliseconds. */
const TAKES = 30

describe('a purge', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] }))
  afterEach(() => void vi.useRealTimers())

  it.each([
    ['that blocks the process pauses after each batch for as long as the batch took', true, TAKES],
    ['that runs on a server only yields to the event loop after each batch', false, 0],
  ])('%s', async (_, holdsUp, rest) => {
    const start = performance.now()
    const begun: number[] = []
    const deleteBatch = (limit: number): Batch => {
      begun.push(performance.now() - start)
      vi.advanceTimersByTime(TAKES)
      return { deleted: limit, isLast: begun.length === 3 }
    }
    const done = purge({ holdsUp, deleteBatch }, {})
    await vi.runAllTimersAsync()

    expect(await done).toBe(3000)
    expect(begun).toEqual([0, TAKES + rest, 2 * (TAKES + rest)])
  })
})
