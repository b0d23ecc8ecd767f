import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { timeLimit } from '../src/time-limit.ts'

const never = async (): Promise<string> => new Promise(() => undefined)
const same = (reply: string): string => reply

describe('timeLimit', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('resolves to the reply of the call as decoded by its reader', async () => {
    const within = timeLimit(1000)
    expect(
      await within(
        async () => 'one',
        (reply) => `${reply} read`,
      ),
    ).toBe('one read')
  })

  it('rejects with the error of the call or of its reader', async () => {
    const within = timeLimit(1000)
    const broken = new Error('broken')
    await expect(within(async () => Promise.reject(broken), same)).rejects.toBe(broken)
    const reading = within(
      async () => 'one',
      () => {
        throw broken
      },
    )
    await expect(reading).rejects.toBe(broken)
    const calling = within(() => {
      throw broken
    }, same)
    await expect(calling).rejects.toBe(broken)
  })

  it('gives up on each call after the timeout, and at most an eighth later', async () => {
    const within = timeLimit(800)
    const ends: [string, number][] = []
    const start = Date.now()
    const note = (name: string) => async (error: Error) => {
      expect(error.message).toBe('Redis did not answer within 800 ms.')
      ends.push([name, Date.now() - start])
    }
    void within(never, same).catch(note('first'))
    await vi.advanceTimersByTimeAsync(350)
    void within(never, same).catch(note('second'))
    await vi.advanceTimersByTimeAsync(5000)
    expect(ends).toEqual([
      ['first', 900],
      ['second', 1200],
    ])
  })

  it('ignores replies that arrive after the timeout, in any order', async () => {
    const within = timeLimit(800)
    const answers: (() => void)[] = []
    const late = async (): Promise<string> =>
      new Promise((resolve) => answers.push(() => resolve('late')))
    const outcomes = Array.from({ length: 4 }, async () =>
      within(late, same).catch((error: Error) => error.message),
    )
    answers[1]?.()
    await vi.advanceTimersByTimeAsync(900)
    for (const index of [2, 0, 3]) answers[index]?.()
    const gone = 'Redis did not answer within 800 ms.'
    expect(await Promise.all(outcomes)).toEqual([gone, 'late', gone, gone])
    expect(await within(async () => 'next', same)).toBe('next')
    await vi.advanceTimersByTimeAsync(200)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('runs one timer for all calls, and none while no call is in flight', async () => {
    const within = timeLimit(800)
    expect(vi.getTimerCount()).toBe(0)
    const calls = Array.from({ length: 100 }, async () => within(async () => 'one', same))
    expect(vi.getTimerCount()).toBe(1)
    await Promise.all(calls)
    await vi.advanceTimersByTimeAsync(100)
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([Infinity, 2 ** 40])('waits for ever with a timeout of %d', async (timeout) => {
    const within = timeLimit(timeout)
    void within(never, same)
    expect(vi.getTimerCount()).toBe(0)
  })
})
