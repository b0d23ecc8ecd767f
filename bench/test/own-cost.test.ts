import { describe, expect, test } from 'vitest'
import { contenders } from '../src/contenders/contenders.ts'
import { compare, missedBy, shareOf, type Comparison } from '../src/http/own-cost.ts'
import { onlyOne, result } from './support/results.ts'

const missed = (comparison: Comparison) => Object.fromEntries(missedBy(comparison))

const costing = (comparison: Comparison, micros: number): Comparison => ({
  ...comparison,
  own: { micros, spread: undefined },
})

describe('own cost', () => {
  test('is the cost on top of the bare client', () => {
    const all = [result('floor/koa/postgres', 30), result('sessions/koa/postgres', 38)]
    expect(onlyOne(compare({ all })).own.micros).toBe(8)
  })

  test('is the mean over the processes, each compared with the bare client of its own round', () => {
    const all = [result('floor/koa/redis', [5, 50]), result('sessions/koa/redis', [15, 58])]
    expect(onlyOne(compare({ all })).own).toEqual({ micros: 9, spread: 1 })
  })

  test('of a contender over default node-redis is measured from the client without timers', () => {
    const all = [
      result('floor/http/redis', 3),
      result('floor/http/redis:default', 13),
      result('sessions/http/redis:default', 10),
    ]
    expect(onlyOne(compare({ all })).own.micros).toBe(7)
  })

  test('is never measured from the bare client on another framework', () => {
    const all = [result('floor/http/redis', 3), result('sessions/koa/redis', 10)]
    expect(compare({ all })).toEqual([])
  })

  test('is unknown if the bare client was not measured', () => {
    expect(compare({ all: [result('sessions/http/redis', 10)] })).toEqual([])
  })

  test('is compared within a scenario, and not at all for untouched sessions', () => {
    const all = [
      result('sessions/http/memory', 8, 'untouched'),
      result('minimum/http/memory', 8, 'change'),
      result('sessions/http/memory', 8),
    ]
    expect(onlyOne(compare({ all })).others.minimum).toBeUndefined()
  })
})

describe('the contenders that ours is compared with', () => {
  const all = [
    result('sessions/express/memory', 20),
    result('minimum/http/memory', 1),
    result('minimum/nest/memory', 2),
    result('minimum/express/redis', 3),
    result('minimum/express/memory', 16),
    result('express-session/express/memory', 90),
    result('express-session/express/memory:memorystore', [70, 80, 90]),
    result('express-session/nest/memory', 10),
    result('koa-session/koa/memory', 30),
  ]
  const comparison = onlyOne(compare({ all }))

  test('are the cheapest on the same framework and store, with whichever client', () => {
    const memorystore = {
      name: 'express-session/express/memory:memorystore',
      micros: 80,
      spread: 10,
    }
    expect(comparison.others).toEqual({
      minimum: { name: 'minimum/express/memory', micros: 16 },
      peer: memorystore,
      expressSession: memorystore,
    })
  })

  test.each(['koa', 'hono', 'nest', 'nest-fastify'] as const)(
    'on %s include the session handwritten for it, not for the framework underneath',
    (framework) => {
      const { others } = onlyOne(
        compare({
          all: [
            result('minimum/http/memory', 1),
            result('minimum/express/memory', 1),
            result(`minimum/${framework}/memory`, 5),
            result(`sessions/${framework}/memory`, 6),
          ],
        }),
      )
      expect(others.minimum?.name).toBe(`minimum/${framework}/memory`)
    },
  )

  test('include a handwritten session for every adapter and store for which one is possible', () => {
    const byHand = ['memory', 'redis', 'postgres', 'sqlite', 'signed-cookie', 'encrypted-cookie']
    const ours = contenders.filter(({ kind, store }) => kind === 'ours' && byHand.includes(store))
    const missing = ours
      .map(({ framework, store }) => `minimum/${framework}/${store}`)
      .filter((name) => !contenders.some((contender) => contender.name === name))
    expect(missing).toEqual([])
  })

  test('are missed if our share is over the limit, but not if it equals the limit', () => {
    expect(shareOf(comparison, 'expressSession')).toBe(0.25)
    expect(missed(comparison)).toEqual({})
    expect(missed(costing(comparison, 20.9))).toMatchObject({ minimum: 'ours' })
    expect(missed(costing(comparison, 41))).toMatchObject({
      minimum: 'ours',
      peer: 'ours',
      expressSession: 'ours',
    })
  })

  test('are missed even if the spread of our cost reaches down to the limit', () => {
    const varying = { ...comparison, own: { micros: 20.9, spread: 20 } }
    expect(missed(varying)).toMatchObject({ minimum: 'ours' })
  })

  test('are missed by any measurable cost of ours if their own is not above zero', () => {
    const minimum = { name: 'free', micros: -1, spread: undefined }
    const free = { ...comparison, others: { ...comparison.others, minimum } }
    expect(shareOf(free, 'minimum')).toBeUndefined()
    expect(missed(costing(free, 0.1))).toMatchObject({ minimum: 'ours' })
    expect(missed(costing(free, -2))).toEqual({})
  })
})

describe('a missed limit', () => {
  const all = [
    result('floor/http/redis', 4),
    result('floor/http/redis:ours', 7),
    result('minimum/http/redis', 14),
    result('sessions/http/redis', 19),
  ]
  const comparison = onlyOne(compare({ all }))

  test('is put down to the floor if our cost without the floor is within it, and only then', () => {
    expect(missed(comparison)).toEqual({ minimum: 'floor' })
    expect(missed(costing(comparison, 16.1))).toEqual({ minimum: 'ours' })
    expect(missed({ ...comparison, floor: -3 })).toEqual({ minimum: 'ours' })
    expect(missed({ ...comparison, floor: undefined })).toEqual({ minimum: 'ours' })
  })

  const besidePeer = (micros: number, own: number): Comparison => {
    const others = { ...comparison.others, peer: { name: 'peer', micros, spread: undefined } }
    return costing({ ...comparison, others }, own)
  }

  test('is out of reach if half of a peer is less than the handwritten session plus the floor', () => {
    expect(missed(besidePeer(25.8, 13))).toEqual({ peer: 'out of reach' })
    expect(missed(besidePeer(26, 16))).toEqual({ minimum: 'floor', peer: 'floor' })
    expect(missed(besidePeer(26, 16.1))).toEqual({ minimum: 'ours', peer: 'ours' })
  })

  test('is out of reach if a quarter of express-session is less than that, too', () => {
    const expressSession = { name: 'express-session', micros: 51.6, spread: undefined }
    const others = { ...comparison.others, expressSession }
    expect(missed(costing({ ...comparison, others }, 13))).toEqual({
      expressSession: 'out of reach',
    })
  })

  test('is never out of reach if there is no handwritten session', () => {
    const others = { ...besidePeer(2, 13).others, minimum: undefined }
    expect(missed({ ...costing(comparison, 13), others })).toEqual({ peer: 'ours' })
  })

  test('is not reported if we meet it, even if it would be out of reach', () => {
    expect(missed(besidePeer(20, 10))).toEqual({})
  })
})
