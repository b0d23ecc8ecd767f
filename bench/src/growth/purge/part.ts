import { quantile } from '../../quantile.ts'
import { isWanted, type Table } from '../../section.ts'
import { askOnce } from '../../worker/start-worker.ts'
import type { Part } from '../part.ts'
import { placeOf } from '../place.ts'
import type { Purged, Question } from './worker.ts'

const program = new URL('worker.ts', import.meta.url)

/** The number of sessions in each store, half of them expired. Nobody keeps a million files in a directory. */
const millions = {
  memory: 1_000_000,
  sqlite: 1_000_000,
  file: 20_000,
  postgres: 1_000_000,
  mysql: 1_000_000,
}
/** The numbers of sessions for a run of all parts, to keep it short. */
const most = {
  memory: 1_000_000,
  sqlite: 100_000,
  file: 5_000,
  postgres: 100_000,
  mysql: 100_000,
}
const few = { memory: 100_000, sqlite: 20_000 }

/** How long a purge takes, and how it affects requests. */
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
          'How long a purge takes if half of the sessions have expired and a request is due every 2 ms, and the latencies of ' +
          'these requests, measured from when they were due: median, 99th percentile and maximum, in milliseconds, before ' +
          'and during the purge. With `--scenarios purge`, every store except files has a million sessions.',
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
  try {
    const question: Question = {
      store,
      place,
      name: 'purged',
      halfExpired: true,
      sessions,
      milliseconds,
    }
    return await askOnce(program, question, ['--max-old-space-size=8192'])
  } finally {
    await close()
  }
}

function row(store: string, sessions: number, result: Purged): (string | number)[] {
  const { deleted, milliseconds, before, during } = result
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
