import type { SessionEngine } from '@sessions/core'

/** An engine at which requests can be made to meet. */
export interface Meeting {
  readonly engine: SessionEngine
  /** How many saves were based on a stale read. */
  readonly conflicts: number
  /** Lets the next saves wait until there are so many of them. Those after them wait for nobody. */
  expect(count: number): void
}

/** An engine whose saves do not wait, until they are expected to meet. */
export function createMeeting(engine: SessionEngine): Meeting {
  let missing = 0
  let conflicts = 0
  let waiting: (() => void)[] = []

  const meet = (): Promise<void> | undefined => {
    if (missing === 0) return undefined
    missing -= 1
    const met = new Promise<void>((resolve) => waiting.push(resolve))
    if (missing === 0) {
      for (const go of waiting) go()
      waiting = []
    }
    return met
  }

  return {
    engine: {
      ...engine,
      async save(id, record, version) {
        await meet()
        const saved = await engine.save(id, record, version)
        if (saved.status === 'conflict') conflicts += 1
        return saved
      },
    },
    get conflicts() {
      return conflicts
    },
    expect(count) {
      missing = count
    },
  }
}
