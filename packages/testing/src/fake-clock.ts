/** A clock that stands still until it is told to move. */
export interface FakeClock {
  /** The time in epoch milliseconds. */
  readonly now: () => number
  /** Moves the time on by so many milliseconds. */
  readonly advance: (milliseconds: number) => void
  /** Sets the time, in epoch milliseconds; backwards too. */
  readonly set: (time: number) => void
}

/**
 * A clock for tests, to be given as the `clock` of settings and engines. Under Jest, or without Vitest, import it from
 * `@sessions/testing/fake-clock`.
 *
 * @param start The time it shows first, in epoch milliseconds; 2026-01-01T00:00:00Z by default. For clients that drop expired
 *   cookies by their own clock, as supertest's agent does, `Date.now()`.
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
