import type { Cost, Operation } from './operation.ts'
import { repeat, warmUp } from './repeat.ts'

/** The number of calls of an operation in a round. */
const CALLS = 200

/**
 * Measures the bytes that a call allocates, in V8's heap and outside it. This is exact as long as no garbage is collected
 * during a round, so the process has to run with `--expose-gc` and a young generation large enough for a round.
 */
export async function bytes(
  operations: readonly Operation[],
  rounds: number,
): Promise<readonly Cost[]> {
  const costs: Cost[] = []
  for (const { group, name, by, run } of operations) {
    await warmUp(run)
    // The first rounds do not count, since they include allocations of the compiler.
    for (let round = 0; round < 3; round += 1) await allocated(run)
    const figures: number[] = []
    for (let round = 0; round < rounds; round += 1) figures.push(await allocated(run))
    costs.push({ group, name, by, rounds: figures })
  }
  return costs
}

async function allocated(run: () => unknown): Promise<number> {
  globalThis.gc?.()
  // Reading the memory usage allocates, too.
  const own = -(memory() - memory())
  const before = memory()
  await repeat(run, CALLS)
  return (memory() - before - own) / CALLS
}

function memory(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
