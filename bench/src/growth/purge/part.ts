import { quantile } from '../../http/quantile.ts'
import { isWanted, type Table } from '../../section.ts'
import { startWorker } from '../../worker/start-worker.ts'
import type { Part } from '../part.ts'
import { placeOf } from '../place.ts'
import type { Purged, Question } from './worker.ts'

const program = new URL('worker.ts', import.meta.url)

/** How many sessions there are, half of them expired; a directory of a million files is nobody's. */
const millions = {
  memory: 1_000_000,
  sqlite: 1_000_000,
  file: 20_000,
  postgres: 1_000_000,
  mysql: 1_000_000,
}
/** What there is time for where everything is measured. */
const most = {
  memory: 1_000_000,
  sqlite: 100_000,
  file: 5_000,
  postgres: 100_000,
  mysql: 100_000,
}
const few = { memory: 100_000, sqlite: 20_000 }

/** What a purge of a million sessions takes, and whether requests notice. */
export const purge: Part = {
  name: 'purge',

  async run({ quick, only, scenarios }, report): Promise<readonly Table[]> {
    const all = scenarios.length > 0 ? millions : most
    const sizes: Readonly<Record<string, number>> = quick ? few : all
    const rows: (string | number)[][] = []
    for (const [store, sessions] of Object.entries(sizes)) {
      if (!isWanted(store, only)) continue
      report(`${store}, ${sessions} sessions`)
      rows.push(row(store, sessions, await purged(store, sessions, quick ? 300 : 1000)))
    }
    return [
      {
        title: 'clearExpired',
        note:
          'How long it takes where half of the sessions have expired, while a request comes in every 2 ms, and what those ' +
          'take from the moment that they were due: median, 99th percentile and longest, in milliseconds, before the ' +
          'purge and during it. With `--scenarios purge` each store but that of files has a million.',
        columns: [
          'store',
          'sessions',
          'deleted',
          'seconds',
          'read before',
          'read during',
          'change before',
          'change during',
        ],
        rows,
      },
    ]
  },
}

async function purged(store: string, sessions: number, milliseconds: number): Promise<Purged> {
  const { place, close } = await placeOf(store)
  const worker = startWorker(program, ['--max-old-space-size=8192'])
  try {
    const question: Question = {
      store,
      place,
      name: 'purged',
      halfExpired: true,
      sessions,
      milliseconds,
    }
    return await worker.ask(question)
  } finally {
    await worker.end()
    await close()
  }
}

function row(store: string, sessions: number, { deleted, ...of }: Purged): (string | number)[] {
  const { milliseconds, before, during } = of
  return [
    store,
    sessions,
    deleted,
    (milliseconds / 1000).toFixed(1),
    quantiles(before.read),
    quantiles(during.read),
    quantiles(before.change),
    quantiles(during.change),
  ]
}

function quantiles(latencies: readonly number[]): string {
  return [0.5, 0.99, 1].map((share) => quantile(latencies, share).toFixed(1)).join(' · ')
}
