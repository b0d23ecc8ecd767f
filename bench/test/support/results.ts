import { contenderNamed } from '../../src/contenders/contenders.ts'
import type { Sample } from '../../src/http/measure.ts'
import type { Result } from '../../src/http/results.ts'

const sample = (micros: number): Sample => ({ micros, rate: 1, p99: 1 })

/** The cost of the bare framework in each window, on a machine that gets busier. */
const BARE = [10, 20, 30]

/** The result of a contender that adds `added` microseconds to its framework: one number for each process. */
export const result = (
  name: string,
  added: number | readonly number[],
  scenario = 'read',
): Result => ({
  contender: contenderNamed(name),
  scenario,
  processes: [added].flat().map((micros) => ({
    samples: BARE.map((bare) => sample(bare + micros)),
    bare: BARE.map(sample),
  })),
})

/** The only item of a list. */
export function onlyOne<Item>(items: readonly Item[]): Item {
  const [item, ...others] = items
  if (item === undefined || others.length > 0) {
    throw new Error(`Expected exactly one item, not ${items.length}.`)
  }
  return item
}
