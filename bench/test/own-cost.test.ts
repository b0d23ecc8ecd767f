import { describe, expect, test } from 'vitest'
import { contenderNamed } from '../src/contenders/contenders.ts'
import {
  compare,
  isMissedByFloor,
  missedBy,
  shareOf,
  type Comparison,
} from '../src/http/own-cost.ts'
import type { Sample } from '../src/http/measure.ts'
import { addedOf, type Result } from '../src/http/results.ts'

const sample = (micros: number): Sample => ({ micros, rate: 1, p99: 1 })

/** A contender over a framework that costs 10, 20 and 30 µs in three runs. */
const result = (name: string, added: number, scenario = 'read'): Result => ({
  contender: contenderNamed(name),
  scenario,
  samples: [10, 20, 30].map((bare) => sample(bare + added)),
  bare: [10, 20, 30].map(sample),
})

function only(comparisons: readonly Comparison[]): Comparison {
  const [comparison, ...others] = comparisons
  if (comparison === undefined || others.length > 0) throw new Error('There is not exactly one.')
  return comparison
}

test('what is added is found by runs, so that a machine that grows busy does not count', () => {
  expect(addedOf(result('sessions/http/memory', 8))).toBe(8)
})

describe('own cost', () => {
  test('is what is added without the commands of the bare client', () => {
    const all = [result('floor/koa/postgres', 30), result('sessions/koa/postgres', 38)]
    expect(only(compare({ all })).own).toBe(8)
  })

  test('of node-redis, whose timer can be avoided, has its cheapest setting taken off', () => {
    const all = [
      result('floor/http/redis', 3),
      result('floor/http/redis:default', 13),
      result('sessions/http/redis:default', 10),
    ]
    expect(only(compare({ all })).own).toBe(7)
  })

  test('is counted from the bare client on the same framework alone', () => {
    const all = [result('floor/http/redis', 3), result('sessions/koa/redis', 10)]
    expect(compare({ all })).toEqual([])
  })

  test('is unknown where the bare client was not measured', () => {
    expect(compare({ all: [result('sessions/http/redis', 10)] })).toEqual([])
  })

  test('is compared in the same scenario only, and not where the session is untouched', () => {
    const all = [
      result('sessions/http/memory', 8, 'untouched'),
      result('minimum/http/memory', 8, 'change'),
      result('sessions/http/memory', 8),
    ]
    expect(only(compare({ all })).others.minimum).toBeUndefined()
  })
})

describe('others', () => {
  const all = [
    result('sessions/express/memory', 20),
    result('minimum/http/memory', 1),
    result('minimum/express/memory', 16),
    result('express-session/express/memory', 90),
    result('express-session/express/memory:memorystore', 80),
    result('express-session/nest/memory', 10),
    result('koa-session/koa/memory', 30),
  ]
  const comparison = only(compare({ all }))

  test('are the cheapest of the same framework and store, whichever client they have', () => {
    expect(comparison.others).toEqual({
      minimum: { name: 'minimum/express/memory', micros: 16 },
      peer: { name: 'express-session/express/memory:memorystore', micros: 80 },
      expressSession: { name: 'express-session/express/memory:memorystore', micros: 80 },
    })
  })

  test('are missed where our share is over the limit, and not where it is the limit', () => {
    expect(shareOf(comparison, 'expressSession')).toBe(0.25)
    expect(missedBy(comparison)).toEqual([])
    expect(missedBy({ ...comparison, own: 41 })).toEqual(['minimum', 'peer', 'expressSession'])
    expect(missedBy({ ...comparison, own: 20.9 })).toEqual(['minimum', 'expressSession'])
  })

  test('that cost nothing that could be measured are no measure', () => {
    const free = { ...comparison.others, minimum: { name: 'free', micros: -1 } }
    expect(shareOf({ ...comparison, others: free }, 'minimum')).toBeUndefined()
    expect(missedBy({ ...comparison, others: free })).toEqual([])
  })
})

describe('the floor', () => {
  const all = [
    result('floor/http/redis', 4),
    result('floor/http/redis:ours', 7),
    result('minimum/http/redis', 14),
    result('sessions/http/redis', 19),
  ]
  const comparison = only(compare({ all }))

  test('is what our commands cost more than plain ones', () => {
    expect(comparison).toMatchObject({ own: 15, floor: 3 })
  })

  test('explains what is missed where the rest of our own cost is within the limit, and nowhere else', () => {
    expect(missedBy(comparison)).toEqual(['minimum'])
    expect(isMissedByFloor(comparison, 'minimum')).toBe(true)
    expect(isMissedByFloor({ ...comparison, own: 16.1 }, 'minimum')).toBe(false)
    expect(isMissedByFloor({ ...comparison, floor: -3 }, 'minimum')).toBe(false)
  })

  test('is unknown where there is none', () => {
    const memory = [result('sessions/http/memory', 8)]
    expect(only(compare({ all: memory })).floor).toBeUndefined()
  })
})
