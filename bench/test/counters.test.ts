import { expect, test } from 'vitest'
import { perRequest } from '../src/http/counters.ts'

test('commands are counted per request, and those that never ran are left out', () => {
  expect(perRequest({ GET: 256, EVALSHA: 257, TOUCH: 0 }, 256)).toBe('GET 1, EVALSHA 1')
  expect(perRequest({ SET: 384 }, 256)).toBe('SET 1.5')
  expect(perRequest({ GET: 0 }, 256)).toBe('none')
})
