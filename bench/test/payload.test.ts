import { expect, test } from 'vitest'
import { freshPayload, payload, PAYLOAD_BYTES } from '../src/contenders/payload.ts'

test('a session of the benchmark has 500 bytes, and keeps its size when it counts', () => {
  const counted = freshPayload()
  counted.views += 100_000
  expect(JSON.stringify(payload)).toHaveLength(PAYLOAD_BYTES)
  expect(JSON.stringify(counted)).toHaveLength(PAYLOAD_BYTES)
  expect(PAYLOAD_BYTES).toBe(500)
})

test('what one session changes is not in the next', () => {
  const first = freshPayload()
  first.views = 0
  expect(freshPayload()).toEqual(payload)
})
