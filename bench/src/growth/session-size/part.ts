import { median } from '../../quantile.ts'
import type { Table } from '../../section.ts'
import { askOnce } from '../../worker/start-worker.ts'
import type { Part } from '../part.ts'
import type { Question, SizeCosts } from './worker.ts'

const program = new URL('worker.ts', import.meta.url)

/** What a request costs as sessions grow from 100 bytes to 100 KB. */
export const sessionSize: Part = {
  name: 'session-size',

  async run({ quick, runs }): Promise<readonly Table[]> {
    const question: Question = {
      sizes: quick ? [100, 10_000] : [100, 1_000, 10_000, 100_000],
      rounds: runs ?? (quick ? 3 : 5),
      milliseconds: 60,
    }
    const costs = await askOnce<readonly SizeCosts[]>(program, question)
    return [
      {
        title: 'Requests as sessions grow larger',
        note:
          'CPU time in microseconds for each request over memory, and for `JSON.parse` and `JSON.stringify` of the same ' +
          'session.',
        columns: ['bytes', 'read', 'change', 'JSON', 'change / JSON'],
        rows: costs.map(({ size, ...rounds }) => {
          const read = median(rounds.read)
          const change = median(rounds.change)
          const json = median(rounds.json)
          return [
            size,
            read.toFixed(1),
            change.toFixed(1),
            json.toFixed(1),
            (change / json).toFixed(1),
          ]
        }),
      },
    ]
  },
}
