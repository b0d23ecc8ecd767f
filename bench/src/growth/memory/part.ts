import { PAYLOAD_BYTES } from '../../contenders/payload.ts'
import { isWanted, type Table } from '../../section.ts'
import { askOnce } from '../../worker/start-worker.ts'
import type { Part } from '../part.ts'
import { OWN } from './keepers.ts'
import type { Answer, Question } from './worker.ts'

const program = new URL('worker.ts', import.meta.url)

const keepers = [
  OWN,
  'sessions/http/memory',
  'express-session/express/memory',
  'koa-session/koa/memory',
  'hono-sessions/hono/memory',
  '@fastify/session/fastify/memory',
]

const quickKeepers = [OWN, 'express-session/express/memory']

/** The memory that a session takes in memory stores. */
export const memory: Part = {
  name: 'memory',

  async run({ quick, only }, report): Promise<readonly Table[]> {
    const sessions = quick ? 5_000 : 20_000
    const rows: (string | number)[][] = []
    const wanted = (quick ? quickKeepers : keepers).filter((name) => isWanted(name, only))
    for (const keeper of wanted) {
      report(keeper)
      const question: Question = { keeper, sessions }
      const flags = ['--expose-gc', '--max-old-space-size=4096']
      const { kept, left } = await askOnce<Answer>(program, question, flags)
      const rest = left === undefined ? '–' : Math.round(left)
      rows.push([keeper, Math.round(kept), Math.round(kept - PAYLOAD_BYTES), rest])
    }
    return [
      {
        title: 'Memory for each session',
        note:
          `Bytes of the heap, after garbage collection, for each of ${sessions} sessions of ${PAYLOAD_BYTES} bytes of JSON, ` +
          'and how many of these bytes are left after `clearExpired`, where there is such a thing.',
        columns: ['store', 'bytes', 'besides the payload', 'left'],
        rows,
      },
    ]
  },
}
