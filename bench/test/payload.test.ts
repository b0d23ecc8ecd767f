import { expect, test } from 'vitest'
import { freshPayload, payload, PAYLOAD_BYTES } from '../src/contenders/payload.ts'

test('the session of the benchmark has 500 bytes, and keeps that size while its counter grows', () => {
  const counted = freshPayload()
  counted.views += 100_000
  expect(JSON.stringify(payload)).toHaveLength(PAYLOAD_BYTES)
  expect(JSON.stringify(counted)).toHaveLength(PAYLOAD_BYTES)
  expect(PAYLOAD_BYTES).toBe(500)
})

test('changing one payload does not change the next', () => {
  const first = freshPayload()
  first.views = 0
  expect(freshPayload()).toEqual(payload)
})
