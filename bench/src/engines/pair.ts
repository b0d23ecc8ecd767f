import type { MaybePromise } from '../contenders/actions.ts'
import { median } from '../quantile.ts'

/** The number of calls in flight. */
export const LANES = 64

/** A call to measure. Calls of the same lane never overlap. */
export type Call = (lane: number) => MaybePromise<unknown>

/** The same job done by a bare client and by an engine. */
export interface Pair {
  readonly job: string
  /** The name of the bare client. */
  readonly by: string
  readonly bare: Call
  readonly engine: Call
  /** The CPU time that the engine may take, as a multiple of the bare client's. */
  readonly limit: number
}

/** The measured costs of a pair. */
export interface PairCost {
  readonly job: string
  readonly by: string
  /** Microseconds of CPU per call. */
  readonly bare: number
  /** Microseconds of CPU per call. */
  readonly engine: number
  /** The median, over the rounds, of the engine's cost as a multiple of the bare client's. */
  readonly ratio: number
  readonly limit: number
}

/** The CPU time that each side takes in a round, in microseconds. */
const ROUND = 60_000

/** Measures both sides of a pair, in turns. */
export async function costOf(pair: Pair, rounds: number): Promise<PairCost> {
  const counts = { bare: await callsPerRound(pair.bare), engine: await callsPerRound(pair.engine) }
  const costs: (readonly [bare: number, engine: number])[] = []
  for (let round = 0; round <= rounds; round++) {
    const bare = await cost(pair.bare, counts.bare)
    const engine = await cost(pair.engine, counts.engine)
    // The first round is a warm-up.
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

/** The number of calls that take `ROUND` microseconds of CPU. */
async function callsPerRound(call: Call): Promise<number> {
  let count = 10 * LANES
  for (;;) {
    const micros = (await cost(call, count)) * count
    if (micros > ROUND / 4) return Math.ceil((count * ROUND) / micros)
    count *= 4
  }
}

/** Microseconds of CPU per call, over `count` calls. */
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
