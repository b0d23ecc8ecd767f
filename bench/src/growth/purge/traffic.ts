import type { Sessions } from '@sessions/core'
import { setImmediate as turn } from 'node:timers/promises'
import { request, type Action } from '../requests.ts'

/** Milliseconds that requests took, from the moment that they were due. */
export type Latencies = Readonly<Record<Action, number[]>>

/** A request is due every so many milliseconds, whether or not those before it are done. */
const INTERVAL = 2

/** Requests of live sessions at random, by turns reads and changes, until told to stop. */
export async function traffic(
  manager: Sessions,
  sessions: number,
  goOn: () => boolean,
): Promise<Latencies> {
  const latencies: Latencies = { read: [], change: [] }
  const running: Promise<void>[] = []
  const visit = async (action: Action, due: number): Promise<void> => {
    // Those of odd numbers have expired.
    await request(manager, 2 * Math.floor((Math.random() * sessions) / 2), action)
    latencies[action].push(performance.now() - due)
  }
  let due = performance.now()
  while (goOn()) {
    for (; due <= performance.now(); due += INTERVAL) {
      running.push(visit(running.length % 2 === 0 ? 'read' : 'change', due))
    }
    await turn()
  }
  await Promise.all(running)
  return latencies
}
