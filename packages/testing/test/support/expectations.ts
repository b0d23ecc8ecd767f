import { isSessionError, SessionEngineError } from '@sessions/core'
import { expect } from 'vitest'
import type { Report } from './load.ts'

/** Every acknowledged increment is stored; of those whose outcome is unknown, any number. No data is lost. */
export function expectKept({ sessions, failures, empty }: Report): void {
  expect(empty, 'sessions loaded without their data').toBe(0)
  for (const { acknowledged, unknown, stored } of sessions) {
    expect(stored).toBeGreaterThanOrEqual(acknowledged)
    expect(stored).toBeLessThanOrEqual(acknowledged + unknown)
  }
  for (const failure of failures) expectUnavailable(failure)
}

/** The error is a SessionEngineError with status 503 and the client's error as its cause. */
export function expectUnavailable(error: unknown): void {
  expect(error).toBeInstanceOf(SessionEngineError)
  expect(isSessionError(error) && error.status).toBe(503)
  expect((error as Error).cause).toBeInstanceOf(Error)
}
