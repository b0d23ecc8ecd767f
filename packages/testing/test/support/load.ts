import { createSessions, type SessionEngine, type Sessions } from '@sessions/core'

/** Sessions whose counters are incremented by continuous requests while a test breaks something. */
export interface Load {
  /** Resolves when `more` further increments have been acknowledged. */
  readonly acknowledged: (more: number) => Promise<void>
  /** Resolves when `more` further requests have failed. */
  readonly failed: (more: number) => Promise<void>
  /** Stops the requests; resolves the counts of each session and the failures. */
  readonly stop: () => Promise<Report>
}

/** The result of a load. */
export interface Report {
  readonly sessions: readonly Counted[]
  /** The errors of all failed requests. */
  readonly failures: readonly unknown[]
  /** How often a session was loaded without its data. */
  readonly empty: number
}

interface Counted {
  readonly key: string
  /** How many increments were acknowledged. */
  acknowledged: number
  /** How many failed in `save`, so that they may be stored or not. */
  unknown: number
  /** The counter stored at the end; -1 if the session is lost. */
  stored: number
}

/** Repeats a request until the store has recovered. It never gives up: the test has a time limit. */
async function untilRecovered<Result>(request: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await request()
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

/** Stores `count` sessions, and starts to increment their counters. */
export async function startLoad(engine: SessionEngine, count: number): Promise<Load> {
  const manager: Sessions<{ n: number }> = createSessions<{ n: number }>({ engine })
  const failures: unknown[] = []
  let empty = 0
  let total = 0
  const state = { stopped: false }
  let watchers: { due: () => boolean; resolve: () => void }[] = []
  const notify = (): void => {
    for (const { due, resolve } of watchers) if (due()) resolve()
    watchers = watchers.filter(({ due }) => !due())
  }
  const when = (due: () => boolean): Promise<void> =>
    new Promise((resolve) => watchers.push({ due, resolve }))

  const sessions = await Promise.all(
    Array.from({ length: count }, async (): Promise<Counted> => {
      const session = manager.open()
      session.set('n', 0)
      await session.save()
      return { key: session.sessionKey ?? '', acknowledged: 0, unknown: 0, stored: 0 }
    }),
  )
  const work = sessions.map(async (counted) => {
    while (!state.stopped) {
      let saving = false
      try {
        const session = await manager.open(counted.key).load()
        if (session.get('n') === undefined) empty += 1
        session.modify('n', (n) => (n ?? 0) + 1)
        saving = true
        await session.save()
        counted.acknowledged += 1
        total += 1
      } catch (error) {
        if (saving) counted.unknown += 1
        failures.push(error)
        // A client without a connection fails immediately: without a pause, this loop would starve the event loop.
        await new Promise((resolve) => setImmediate(resolve))
      }
      notify()
    }
  })
  return {
    async acknowledged(more) {
      const target = total + more
      await when(() => total >= target)
    },
    async failed(more) {
      const target = failures.length + more
      await when(() => failures.length >= target)
    },
    async stop() {
      state.stopped = true
      await Promise.all(work)
      for (const counted of sessions) {
        const loading = untilRecovered(() => manager.open(counted.key).load())
        counted.stored = (await loading).get('n') ?? -1
      }
      return { sessions, failures, empty }
    },
  }
}
