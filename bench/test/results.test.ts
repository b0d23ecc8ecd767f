import { expect, test } from 'vitest'
import { contenderNamed } from '../src/contenders/contenders.ts'
import { addedOf, costOf, differenceOf, resultsOf } from '../src/http/results.ts'
import { result } from './support/results.ts'

test('what is added is found by windows, so that a machine that grows busy does not count', () => {
  expect(addedOf(result('sessions/http/memory', 8))).toEqual({ micros: 8, spread: 0 })
})

test('one process that is unlike the others moves no figure, and shows in the spread', () => {
  const figures = result('sessions/http/memory', [8, 28, 9])
  expect(addedOf(figures)).toEqual({ micros: 9, spread: 10 })
  expect(costOf(figures)).toEqual({ micros: 29, spread: 10 })
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
