import { describe, expect, it } from 'vitest'
import type { MaybePromise } from '../src/engine/engine.ts'
import { attempt, chain, isPromise, run, type Steps, wait } from '../src/steps.ts'

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
  it('returns synchronously if nothing has to be awaited', () => {
    expect(run(sum(1, 2, 3))).toBe(6)
  })

  it('returns a promise if something has to be awaited', async () => {
    const answer = run(sum(1, Promise.resolve(2), 3, Promise.resolve(4)))

    expect(isPromise(answer)).toBe(true)
    expect(await answer).toBe(10)
  })

  it('throws synchronously what is thrown before anything was awaited', () => {
    expect(() => run(failAfter(0))).toThrow('failed')
  })

  it('rejects with what is thrown later', async () => {
    await expect(run(failAfter(2))).rejects.toThrow('failed')
  })

  it('throws a rejection at its `wait`, where it can be caught', async () => {
    expect(await run(survive(Promise.reject(new Error('no'))))).toBe('caught no')
  })
})

describe('chain', () => {
  it('calls next synchronously with a value', () => {
    expect(chain(1, (value) => value + 1)).toBe(2)
  })

  it('calls next later with a promise’s value', async () => {
    const answer = chain(Promise.resolve(1), (value) => value + 1)

    expect(isPromise(answer)).toBe(true)
    expect(await answer).toBe(2)
  })
})

describe('attempt', () => {
  it('calls next synchronously with a synchronous result', () => {
    expect(attempt(() => 1, increment, rethrow)).toBe(2)
  })

  it('calls next later with the result of a promise or a thenable', async () => {
    const thenable = { then: (resolve: (value: number) => void) => resolve(1) }

    expect(await attempt(() => Promise.resolve(1), increment, rethrow)).toBe(2)
    expect(await attempt(() => thenable as Promise<number>, increment, rethrow)).toBe(2)
  })

  it('calls failed with an error, thrown or rejected', async () => {
    expect(() => attempt(fail, increment, rethrow)).toThrow('seen: no')
    await expect(attempt(async () => fail(), increment, rethrow)).rejects.toThrow('seen: no')
  })

  it('does not call failed with an error of next', async () => {
    expect(() => attempt(() => 1, fail, rethrow)).toThrow(/^no$/)
    await expect(attempt(() => Promise.resolve(1), fail, rethrow)).rejects.toThrow(/^no$/)
  })
})

function increment(value: number): number {
  return value + 1
}

function fail(): never {
  throw new Error('no')
}

function rethrow(error: unknown): never {
  throw new Error(`seen: ${(error as Error).message}`)
}
