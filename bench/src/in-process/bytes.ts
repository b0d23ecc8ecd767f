import type { Cost, Operation } from './operation.ts'
import { repeat, warmUp } from './repeat.ts'

/** Of one operation in a round. */
const CALLS = 200

/**
 * Bytes allocated by each call, in V8's heap and outside of it. Exact where no garbage is collected meanwhile: this process
 * is to be started with `--expose-gc` and a young generation that holds all that a round allocates.
 */
export async function bytes(
  operations: readonly Operation[],
  rounds: number,
): Promise<readonly Cost[]> {
  const costs: Cost[] = []
  for (const { group, name, by, run } of operations) {
    await warmUp(run)
    // The compiler, and what is thrown away when it is done, count as well: the first rounds are theirs.
    for (let round = 0; round < 3; round += 1) await allocated(run)
    const of: number[] = []
    for (let round = 0; round < rounds; round += 1) of.push(await allocated(run))
    costs.push({ group, name, by, rounds: of })
  }
  return costs
}

async function allocated(run: () => unknown): Promise<number> {
  globalThis.gc?.()
  // Looking at the memory takes some itself.
  const own = -(memory() - memory())
  const before = memory()
  await repeat(run, CALLS)
  return (memory() - before - own) / CALLS
}

function memory(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
