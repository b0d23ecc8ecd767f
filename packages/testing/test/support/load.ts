import { createSessions, type SessionEngine, type Sessions } from '@sessions/core'

/** Sessions with a number each, which requests go on counting up while a test breaks something. */
export interface Load {
  /** Resolves when so many more increments have been acknowledged. */
  readonly acknowledged: (more: number) => Promise<void>
  /** Resolves when so many more requests have failed. */
  readonly failed: (more: number) => Promise<void>
  /** Lets the requests end; answers what became of each session, and how requests failed. */
  readonly stop: () => Promise<Report>
}

/** What became of the sessions. */
export interface Report {
  readonly sessions: readonly Counted[]
  /** Every failure of a request. */
  readonly failures: readonly unknown[]
  /** How often a session was found without its data. */
  readonly empty: number
}

interface Counted {
  readonly key: string
  /** How many increments were acknowledged. */
  acknowledged: number
  /** How many failed, of which nobody knows whether they were carried out. */
  unknown: number
  /** What is stored when all is over. */
  stored: number
}

/** What a store answers that may not be well again yet. A test that waits for ever has a time limit of its own. */
async function whenItAnswers<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await ask()
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

/** Stores so many sessions, and starts to count them up. */
export async function startLoad(engine: SessionEngine, count: number): Promise<Load> {
  const manager: Sessions<{ n: number }> = createSessions<{ n: number }>({ engine })
  const failures: unknown[] = []
  let empty = 0
  let total = 0
  const until = { stopped: false }
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
    while (!until.stopped) {
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
        // A client that knows of no connection fails at once: others have their turn.
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
      until.stopped = true
      await Promise.all(work)
      for (const counted of sessions) {
        const loading = whenItAnswers(() => manager.open(counted.key).load())
        counted.stored = (await loading).get('n') ?? -1
      }
      return { sessions, failures, empty }
    },
  }
}
