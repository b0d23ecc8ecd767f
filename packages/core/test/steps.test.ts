import { describe, expect, it } from 'vitest'
import type { MaybePromise } from '../src/engine.ts'
import { isPromise, run, type Steps } from '../src/steps.ts'

function* wait<T>(value: MaybePromise<T>): Steps<T> {
  return isPromise(value) ? ((yield value) as T) : value
}

function* sum(...parts: MaybePromise<number>[]): Steps<number> {
  let total = 0
  for (const part of parts) total += yield* wait(part)
  return total
}

function* failAfter(waits: number): Steps<never> {
  for (let count = 0; count < waits; count++) yield Promise.resolve()
  throw new Error('failed')
}

function* survive(rejection: Promise<string>): Steps<string> {
  try {
    return yield* wait(rejection)
  } catch (error) {
    return `caught ${(error as Error).message}`
  }
}

describe('run', () => {
  it('answers at once where nothing has to be waited for', () => {
    expect(run(sum(1, 2, 3))).toBe(6)
  })

  it('waits where something has to be waited for', async () => {
    const answer = run(sum(1, Promise.resolve(2), 3, Promise.resolve(4)))

    expect(isPromise(answer)).toBe(true)
    expect(await answer).toBe(10)
  })

  it('throws at once what is thrown before anything was waited for', () => {
    expect(() => run(failAfter(0))).toThrow('failed')
  })

  it('rejects with what is thrown later', async () => {
    await expect(run(failAfter(2))).rejects.toThrow('failed')
  })

  it('throws a rejection where it is waited for, to be caught there', async () => {
    expect(await run(survive(Promise.reject(new Error('no'))))).toBe('caught no')
  })
})
