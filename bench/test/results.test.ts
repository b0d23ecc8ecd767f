import { expect, test } from 'vitest'
import { contenderNamed } from '../src/contenders/contenders.ts'
import { addedOf, costOf, differenceOf, resultsOf } from '../src/http/results.ts'
import { result } from './support/results.ts'

test('a process is what its cheapest window took: whatever else a machine does makes one dearer', () => {
  expect(costOf(result('sessions/http/memory', 8))).toEqual({ micros: 18, spread: 0 })
  expect(addedOf(result('sessions/http/memory', 8))).toEqual({ micros: 8, spread: 0 })
})

test('a figure is the mean of the processes, and says how far they are from each other', () => {
  expect(addedOf(result('sessions/http/memory', [8, 11]))).toEqual({ micros: 9.5, spread: 1.5 })
})

test('a difference is found by rounds: processes are compared with those that ran beside them', () => {
  const ours = result('sessions/http/redis', [10, 11, 32])
  const client = result('floor/http/redis', [5, 5, 25])
  expect(differenceOf(ours, client)).toEqual({ micros: 6, spread: 1 })
})

test('what the processes of a contender have shown comes together by scenario', () => {
  const contender = contenderNamed('bare/http')
  const shown = (scenario: string, micros: number) => ({
    contender,
    scenario,
    samples: [{ micros, rate: 1, p99: 1 }],
    bare: [],
  })
  const results = resultsOf([shown('read', 1), shown('change', 2), shown('read', 3)])
  expect(results.map(({ scenario }) => scenario)).toEqual(['read', 'change'])
  expect(
    results.map(({ processes }) => processes.map(({ samples }) => samples[0]?.micros)),
  ).toEqual([[1, 3], [2]])
})
