import { median } from '../../quantile.ts'
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

/** What a request costs as a store grows from ten sessions to a million. */
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
        title: 'Requests as the number of sessions grows',
        note:
          'CPU time of our process in microseconds for each request, with 10 in flight, and in brackets its ratio to the time ' +
          `over a store of ${FEW} sessions, measured in turns. The first row of each store compares ${FEW} sessions with ` +
          `${FEW}, which shows the noise. “Any”: requests are for random sessions, so the caches of the processor and of the ` +
          'store have to hold all of them, or miss.',
        columns: ['store', 'sessions', 'read, ten of them', 'change, ten of them', 'read, any'],
        rows,
      },
    ]
  },
}

/** Measures two processes in turns, on the same core: the store of one stays small, that of the other grows. */
async function grow(
  store: string,
  { quick, runs }: BenchOptions,
  report: (line: string) => void,
): Promise<(string | number)[][]> {
  const places = await Promise.all([placeOf(store), placeOf(store)])
  const flags = ['--max-old-space-size=8192']
  const workers = await Promise.all(places.map(() => startWorker(program, flags)))
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

/** The cost over the grown store, and its ratio to that over the small one. */
async function compare(
  workers: readonly Worker[],
  sessions: readonly number[],
  { rounds, ...how }: How,
): Promise<string> {
  const costs: number[][] = workers.map(() => [])
  // The first round is a warm-up.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, worker] of workers.entries()) {
      const milliseconds = round === 0 ? 2 * how.milliseconds : how.milliseconds
      const measurement = { ...how, milliseconds, sessions: sessions[index] ?? 0 }
      const question: Question = { ask: 'measure', ...measurement }
      const cost = await worker.ask<number>(question)
      if (round > 0) costs[index]?.push(cost)
    }
  }
  const [small = 0, grown = 0] = costs.map(median)
  return `${grown.toFixed(1)} (× ${(grown / small).toFixed(2)})`
}
