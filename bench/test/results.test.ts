import { expect, test } from 'vitest'
import { contenderNamed } from '../src/contenders/contenders.ts'
import { addedOf, costOf, differenceOf, resultsOf } from '../src/http/results.ts'
import { result } from './support/results.ts'

test('the cost of a process is that of its cheapest window, and a single one has no spread', () => {
  expect(costOf(result('sessions/http/memory', 8))).toEqual({ micros: 18 })
  expect(addedOf(result('sessions/http/memory', 8))).toEqual({ micros: 8 })
})

test('a figure is the mean over the processes, with half their range as its spread', () => {
  expect(addedOf(result('sessions/http/memory', [8, 11]))).toEqual({ micros: 9.5, spread: 1.5 })
})

test('a difference is taken round by round, between processes that ran side by side', () => {
  const ours = result('sessions/http/redis', [10, 11, 32])
  const client = result('floor/http/redis', [5, 5, 25])
  expect(differenceOf(ours, client)).toEqual({ micros: 6, spread: 1 })
})

test('the processes of a contender are grouped by scenario', () => {
  const contender = contenderNamed('bare/http')
  const processResult = (scenario: string, micros: number) => ({
    contender,
    scenario,
    samples: [{ micros, rate: 1, p99: 1 }],
    bare: [],
  })
  const results = resultsOf([
    processResult('read', 1),
    processResult('change', 2),
    processResult('read', 3),
  ])
  expect(results.map(({ scenario }) => scenario)).toEqual(['read', 'change'])
  expect(
    results.map(({ processes }) => processes.map(({ samples }) => samples[0]?.micros)),
  ).toEqual([[1, 3], [2]])
})
