/** A clock that stands still until it is moved. */
export interface FakeClock {
  /** The time in epoch milliseconds. */
  readonly now: () => number
  /** Moves the clock forward. */
  readonly advance: (milliseconds: number) => void
  /** Sets the clock, also backwards, in epoch milliseconds. */
  readonly set: (time: number) => void
}

/**
 * A clock for tests, to pass as the `clock` of settings and engines. Under Jest, or without Vitest, import it from
 * `@sessions/testing/fake-clock`.
 *
 * @param start The initial time in epoch milliseconds; 2026-01-01T00:00:00Z by default. Pass `Date.now()` if the client
 *   drops expired cookies by its own clock, as supertest's agent does.
 * @example
 * const clock = fakeClock()
 * const engine = memoryEngine({ clock })
 * clock.advance(60_000)
 */
export function fakeClock(start: number = Date.UTC(2026, 0, 1)): FakeClock {
  let time = start
  return {
    now: () => time,
    advance(milliseconds) {
      time += milliseconds
    },
    set(next) {
      time = next
    },
  }
}
