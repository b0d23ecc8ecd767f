import { expect, test } from 'vitest'
import { perRequest } from '../src/http/counters.ts'
import { quantile } from '../src/http/quantile.ts'

test('commands are counted per request, and those that never ran are left out', () => {
  expect(perRequest({ GET: 256, EVALSHA: 257, TOUCH: 0 }, 256)).toBe('GET 1, EVALSHA 1')
  expect(perRequest({ SET: 384 }, 256)).toBe('SET 1.5')
  expect(perRequest({ GET: 0 }, 256)).toBe('none')
})

test('a quantile is the value that the given share of the values does not exceed', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index)
  expect(quantile(values, 0.99)).toBe(100)
  expect(quantile(values, 0.5)).toBe(51)
  expect(quantile([7], 0.99)).toBe(7)
})
