import { expect, it } from 'vitest'
import { median } from '../src/median.ts'

it('the median does not depend on the order, and an outlier does not move it', () => {
  expect(median([3, 1, 1000])).toBe(3)
  expect(median([2, 10, 1, 3])).toBe(3)
  expect(median([7])).toBe(7)
  expect(median([])).toBeNaN()
})
