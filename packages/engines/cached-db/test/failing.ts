import type { SessionEngine } from '@sessions/core'
import { around } from './around.ts'

/** The outcome of a call: it may fail before it takes effect, or after, when its answer is lost. */
export type Fault = 'works' | 'fails before' | 'fails after'

/** An engine whose calls each consume the next fault, and work when no faults are left. */
export function failing(engine: SessionEngine, name: string, faults: Fault[]): SessionEngine {
  return around(engine, name, async (_, run) => {
    const fault = faults.shift() ?? 'works'
    if (fault === 'fails before') throw new Error(`The ${name} fails.`)
    const answer = await run()
    if (fault === 'fails after') throw new Error(`The ${name} fails.`)
    return answer
  })
}
