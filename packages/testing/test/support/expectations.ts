import { isSessionError, SessionEngineError } from '@sessions/core'
import { expect } from 'vitest'
import type { Report } from './load.ts'

/** Whatever was acknowledged is stored, and nothing besides what nobody knows of. */
export function expectKept({ sessions, failures, empty }: Report): void {
  expect(empty).toBe(0)
  for (const { acknowledged, unknown, stored } of sessions) {
    expect(stored).toBeGreaterThanOrEqual(acknowledged)
    expect(stored).toBeLessThanOrEqual(acknowledged + unknown)
  }
  for (const failure of failures) expectUnavailable(failure)
}

/** A failing store, and nothing else, with what the client said. */
export function expectUnavailable(error: unknown): void {
  expect(error).toBeInstanceOf(SessionEngineError)
  expect(isSessionError(error) && error.status).toBe(503)
  expect((error as Error).cause).toBeInstanceOf(Error)
}
