import { PAYLOAD_BYTES } from '../../contenders/payload.ts'
import type { Table } from '../../section.ts'
import { askOnce } from '../../worker/start-worker.ts'
import type { Part } from '../part.ts'
import { placeOf } from '../place.ts'
import type { Master, Question } from './worker.ts'

const program = new URL('worker.ts', import.meta.url)

/** How evenly sessions are spread over the masters of a Redis Cluster, and the memory that they take there. */
export const cluster: Part = {
  name: 'cluster',

  async run({ quick }): Promise<readonly Table[]> {
    // Forming a cluster takes longer than all the rest of a quick run.
    if (quick) return []
    const { place, close } = await placeOf('redis-cluster')
    try {
      const question: Question = { place, sessions: 200_000 }
      return [tableOf(question, await askOnce<readonly Master[]>(program, question))]
    } finally {
      await close()
    }
  },
}

function tableOf({ sessions: all }: Question, masters: readonly Master[]): Table {
  return {
    title: 'Sessions in a Redis Cluster',
    note:
      `Where ${all} sessions of ${PAYLOAD_BYTES} bytes of JSON, stored through node-redis, end up, and by how much each ` +
      'increases the memory of its master. CROSSSLOT errors refuse commands whose keys are in several slots, MOVED errors ' +
      'those sent to the wrong master.',
    columns: ['master', 'sessions', 'share, %', 'bytes each', 'CROSSSLOT errors', 'MOVED errors'],
    rows: masters.map(({ sessions, bytes, crossSlot, moved }, index) => [
      index + 1,
      sessions,
      ((100 * sessions) / all).toFixed(1),
      Math.round(bytes / sessions),
      crossSlot,
      moved,
    ]),
  }
}
