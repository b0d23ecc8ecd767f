import { median } from '../../median.ts'
import { isWanted, type BenchOptions, type Table } from '../../section.ts'
import { startWorker, type Worker } from '../../worker/start-worker.ts'
import type { Part } from '../part.ts'
import { placeOf } from '../place.ts'
import type { Measurement, Question } from './worker.ts'

const program = new URL('worker.ts', import.meta.url)

const stores = ['memory', 'sqlite', 'redis', 'postgres']
const quickStores = ['memory', 'sqlite']
const FEW = 10
const visits = [
  ['read', 'ten'],
  ['change', 'ten'],
  ['read', 'any'],
] as const

/** What a request costs over a store of ten sessions, and of up to a million. */
export const storedSessions: Part = {
  name: 'stored-sessions',

  async run(options, report): Promise<readonly Table[]> {
    const rows: (string | number)[][] = []
    const some = options.quick ? quickStores : stores
    const wanted = some.filter((name) => isWanted(name, options.only))
    for (const store of wanted) {
      rows.push(...(await grow(store, options, (line) => report(`${store}, ${line}`))))
    }
    return [
      {
        title: 'Requests while there are more and more sessions',
        note:
          'Microseconds of CPU time of our process for each request, 10 at a time, and in brackets how many times what it ' +
          `takes over a store of ${FEW} sessions, measured by turns. The first line of each store compares ${FEW} with ` +
          `${FEW}: that is noise. Where any session is visited, the caches of the processor and of the store have to hold ` +
          'all of them, or miss.',
        columns: ['store', 'sessions', 'read, ten of them', 'change, ten of them', 'read, any'],
        rows,
      },
    ]
  },
}

/** Two processes with a store each: one stays small. They are measured by turns, on the same core. */
async function grow(
  store: string,
  { quick, runs }: BenchOptions,
  report: (line: string) => void,
): Promise<(string | number)[][]> {
  const places = await Promise.all([placeOf(store), placeOf(store)])
  const workers = places.map(() => startWorker(program, ['--max-old-space-size=8192']))
  const [small, grown] = workers as [Worker, Worker]
  const rows: (string | number)[][] = []
  try {
    for (const [index, worker] of workers.entries()) {
      const name = index === 0 ? 'small' : 'grown'
      await ask(worker, {
        ask: 'open',
        store,
        name,
        place: places[index]?.place ?? '',
        halfExpired: false,
      })
    }
    await ask(small, { ask: 'fill', from: 0, to: FEW })
    let filled = 0
    for (const sessions of quick ? [FEW, 10_000] : [FEW, 10_000, 1_000_000]) {
      report(`${sessions} sessions`)
      await ask(grown, { ask: 'fill', from: filled, to: sessions })
      filled = sessions
      const how = { rounds: runs ?? 5, milliseconds: quick ? 40 : 60 }
      const costs: string[] = []
      for (const [action, visited] of visits) {
        costs.push(await compare(workers, [FEW, sessions], { ...how, action, visited }))
      }
      rows.push([store, sessions, ...costs])
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.end()))
    await Promise.all(places.map(({ close }) => close()))
  }
  return rows
}

async function ask(worker: Worker, question: Question): Promise<void> {
  await worker.ask(question)
}

type How = Omit<Measurement, 'ask' | 'sessions'> & { readonly rounds: number }

/** What it costs over the grown one, and how many times what it costs over the small one. */
async function compare(
  workers: readonly Worker[],
  sessions: readonly number[],
  { rounds, ...how }: How,
): Promise<string> {
  const costs: number[][] = workers.map(() => [])
  // The first round warms up.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, worker] of workers.entries()) {
      const milliseconds = round === 0 ? 2 * how.milliseconds : how.milliseconds
      const about = { ...how, milliseconds, sessions: sessions[index] ?? 0 }
      const question: Question = { ask: 'measure', ...about }
      const cost = await worker.ask<number>(question)
      if (round > 0) costs[index]?.push(cost)
    }
  }
  const [small = 0, grown = 0] = costs.map(median)
  return `${grown.toFixed(1)} (× ${(grown / small).toFixed(2)})`
}
