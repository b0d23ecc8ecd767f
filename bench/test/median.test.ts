import { expect, it } from 'vitest'
import { median } from '../src/median.ts'

it('the middle one, whatever the order, which one outlier does not move', () => {
  expect(median([3, 1, 1000])).toBe(3)
  expect(median([2, 10, 1, 3])).toBe(3)
  expect(median([7])).toBe(7)
  expect(median([])).toBeNaN()
})
