import { median } from '../../median.ts'
import type { Table } from '../../section.ts'
import { startWorker } from '../../worker/start-worker.ts'
import type { Part } from '../part.ts'
import type { Question, SizeCosts } from './worker.ts'

const program = new URL('worker.ts', import.meta.url)

/** What a request costs with sessions of 100 bytes to 100 KB. */
export const sessionSize: Part = {
  name: 'session-size',

  async run({ quick, runs }): Promise<readonly Table[]> {
    const worker = startWorker(program)
    const question: Question = {
      sizes: quick ? [100, 10_000] : [100, 1_000, 10_000, 100_000],
      rounds: runs ?? (quick ? 3 : 5),
      milliseconds: 60,
    }
    const costs = await worker.ask<readonly SizeCosts[]>(question)
    await worker.end()
    return [
      {
        title: 'Requests with larger and larger sessions',
        note:
          'Microseconds of CPU time for each request over memory, and what `JSON.parse` and `JSON.stringify` of the same ' +
          'session take.',
        columns: ['bytes', 'read', 'change', 'JSON', 'change, in JSONs'],
        rows: costs.map(({ size, ...of }) => {
          const [read, change, json] = [median(of.read), median(of.change), median(of.json)]
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
