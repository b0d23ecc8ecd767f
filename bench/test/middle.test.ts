import { expect, test } from 'vitest'
import { middle } from '../src/middle.ts'

test('the middle is the mean without the lowest and highest quarter, rounded down', () => {
  expect(middle([1, 2, 6])).toBe(3)
  expect(middle([1000, 3, 1, 2, -1000])).toBe(2)
  expect(middle([8, 1, 2, 3, 4, 5, 6, 1000])).toBe(4.5)
})

test('the middle of two groups lies between them', () => {
  expect(middle([10, 20, 10, 20, 20])).toBeCloseTo(16.7, 1)
})

test('the middle of an empty list is not a number', () => {
  expect(middle([])).toBeNaN()
})
