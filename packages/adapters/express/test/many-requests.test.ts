import { referenceApp } from '@sessions/testing/reference-app'
import { expect, it } from 'vitest'
import { createReferenceApp } from './reference-app.ts'
import { storm } from '../../node/test/support/storm.ts'

it('ten thousand requests of all kinds over 64 connections, some of which hang up', async () => {
  const total = 10_000

  const { statuses, aborted, mostWrites, kept, counter } = await storm(total, (engine) =>
    createReferenceApp(referenceApp({ engine, pause: () => Promise.resolve() })),
  )

  const answered = [...statuses.values()].reduce((sum, count) => sum + count, 0)
  expect(answered + aborted).toBe(total)
  expect(aborted).toBeGreaterThan(100)
  // 500 is what `/throw` answers.
  expect([...statuses.keys()].toSorted()).toEqual([200, 204, 303, 304, 404, 500])
  expect(mostWrites).toBe(1)
  expect(counter.is).toBeGreaterThanOrEqual(counter.least)
  expect(counter.is).toBeLessThanOrEqual(counter.most)
  expect(kept).toBeLessThan(100)
}, 60_000)
