import {
  createSessions,
  type CookieEngine,
  type SessionEngine,
  type Sessions,
} from '@sessions/core'
import type { DemoData } from 'demo-page'

/** The sessions that the demos share. */
export interface Store {
  readonly manager: Sessions<DemoData>
  /** Stops purging. The caller closes the engine. */
  readonly close: () => Promise<void>
}

const HOUR = 60 * 60 * 1000

/** Creates the manager of the demos, and purges expired sessions every hour. */
export function openStore(engine: SessionEngine | CookieEngine): Store {
  const manager = createSessions<DemoData>({ engine })
  const closing = new AbortController()

  const purge = async (): Promise<void> => {
    try {
      await manager.clearExpired({ signal: closing.signal })
    } catch (error) {
      if (!closing.signal.aborted) console.error(error)
    }
  }
  let purging = purge()
  const timer = setInterval(() => {
    purging = purging.then(purge)
  }, HOUR).unref()

  return {
    manager,
    async close() {
      clearInterval(timer)
      closing.abort()
      await purging
    },
  }
}
