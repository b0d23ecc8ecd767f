import { contenderNamed } from '../../src/contenders/contenders.ts'
import type { Sample } from '../../src/http/measure.ts'
import type { Result } from '../../src/http/results.ts'

const sample = (micros: number): Sample => ({ micros, rate: 1, p99: 1 })

/** What the bare framework costs in each window: the machine grows busy. */
const BARE = [10, 20, 30]

/** A contender that adds so many microseconds to its framework, in one process or in several. */
export const result = (
  name: string,
  added: number | readonly number[],
  scenario = 'read',
): Result => ({
  contender: contenderNamed(name),
  scenario,
  processes: [added].flat().map((more) => ({
    samples: BARE.map((bare) => sample(bare + more)),
    bare: BARE.map(sample),
  })),
})

/** The only one that there is. */
export function onlyOne<Item>(items: readonly Item[]): Item {
  const [item, ...others] = items
  if (item === undefined || others.length > 0) throw new Error('There is not exactly one.')
  return item
}
