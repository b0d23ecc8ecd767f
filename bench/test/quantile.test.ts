import { expect, test } from 'vitest'
import { median, quantile } from '../src/quantile.ts'

test('a quantile is the value that the given share of the values does not exceed', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index)
  expect(quantile(values, 0.99)).toBe(100)
  expect(quantile([7], 0.99)).toBe(7)
  expect(quantile([], 0.99)).toBeNaN()
})

test('the median does not depend on the order, and an outlier does not move it', () => {
  expect(median([3, 1, 1000])).toBe(3)
  expect(median([2, 10, 1, 3])).toBe(3)
})
