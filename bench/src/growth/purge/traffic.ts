import type { Sessions } from '@sessions/core'
import { setImmediate as turn } from 'node:timers/promises'
import { request, type Action } from '../requests.ts'

/** Latencies of requests in milliseconds, measured from when they were due. */
export type Latencies = Readonly<Record<Action, number[]>>

/** Milliseconds between the requests, which are sent on time even if earlier ones have not finished. */
const INTERVAL = 2

/** Requests random live sessions, alternating between reads and changes, until `goOn` returns false. */
export async function traffic(
  manager: Sessions,
  sessions: number,
  goOn: () => boolean,
): Promise<Latencies> {
  const latencies: Latencies = { read: [], change: [] }
  const running: Promise<void>[] = []
  const visit = async (action: Action, due: number): Promise<void> => {
    // Sessions with odd numbers have expired.
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
