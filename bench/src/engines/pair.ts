import type { MaybePromise } from '../contenders/actions.ts'
import { median } from '../median.ts'

/** How many calls are under way at once. */
export const LANES = 64

/** One call, in a lane: no two calls in a lane overlap. */
export type Call = (lane: number) => MaybePromise<unknown>

/** The same job done barely and by an engine. */
export interface Pair {
  readonly job: string
  /** What the bare one is. */
  readonly by: string
  readonly bare: Call
  readonly engine: Call
  /** How many times the bare one's CPU time the engine may take. */
  readonly limit: number
}

/** What a pair costs. */
export interface PairCost {
  readonly job: string
  readonly by: string
  /** Microseconds of CPU for each call. */
  readonly bare: number
  /** Microseconds of CPU for each call. */
  readonly engine: number
  /** The second as a multiple of the first, by rounds in which both were measured. */
  readonly ratio: number
  readonly limit: number
}

/** How much CPU time each round of each half takes, in microseconds. */
const ROUND = 60_000

/** Measures both in turns. */
export async function costOf(pair: Pair, rounds: number): Promise<PairCost> {
  const counts = { bare: await enough(pair.bare), engine: await enough(pair.engine) }
  const costs: (readonly [bare: number, engine: number])[] = []
  for (let round = 0; round <= rounds; round++) {
    const bare = await cost(pair.bare, counts.bare)
    const engine = await cost(pair.engine, counts.engine)
    // The first one is for the compiler.
    if (round > 0) costs.push([bare, engine])
  }
  const { job, by, limit } = pair
  return {
    job,
    by,
    limit,
    bare: median(costs.map(([bare]) => bare)),
    engine: median(costs.map(([, engine]) => engine)),
    ratio: median(costs.map(([bare, engine]) => engine / bare)),
  }
}

/** How many calls take a round. */
async function enough(call: Call): Promise<number> {
  let count = 10 * LANES
  for (;;) {
    const micros = (await cost(call, count)) * count
    if (micros > ROUND / 4) return Math.ceil((count * ROUND) / micros)
    count *= 4
  }
}

/** Microseconds of CPU for each of so many calls. */
async function cost(call: Call, count: number): Promise<number> {
  const before = process.cpuUsage()
  let left = count
  const lane = async (number: number): Promise<void> => {
    while (left > 0) {
      left -= 1
      const done = call(number)
      if (done instanceof Promise) await done
    }
  }
  await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)))
  const { user, system } = process.cpuUsage(before)
  return (user + system) / count
}
