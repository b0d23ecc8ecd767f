import { expect, test } from 'vitest'
import { hasTimeFor } from '../src/http/has-time-for.ts'

test('a further round is run only if it will end within the budget, and the first one always', () => {
  expect(hasTimeFor(1, 1000, 540)).toBe(true)
  expect(hasTimeFor(2, 270, 540)).toBe(true)
  expect(hasTimeFor(2, 271, 540)).toBe(false)
  expect(hasTimeFor(3, 360, 540)).toBe(true)
  expect(hasTimeFor(3, 361, 540)).toBe(false)
})
