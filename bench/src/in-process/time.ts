import type { Cost, Operation } from './operation.ts'
import { repeat, warmUp } from './repeat.ts'

/**
 * Nanoseconds of CPU time for each call, of every thread of this process. The operations take turns in each round, so that
 * whatever else the machine does meets all of them.
 *
 * @param milliseconds How long a round of one operation takes, about.
 */
export async function time(
  operations: readonly Operation[],
  rounds: number,
  milliseconds: number,
): Promise<readonly Cost[]> {
  const measured: { operation: Operation; calls: number; rounds: number[] }[] = []
  for (const operation of operations) {
    const calls = Math.ceil((await warmUp(operation.run)) * milliseconds)
    measured.push({ operation, calls, rounds: [] })
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const { operation, calls, rounds: of } of measured) {
      of.push((await cpuTime(operation.run, calls)) / calls)
    }
  }
  return measured.map(({ operation: { group, name, by }, rounds: of }) => ({
    group,
    name,
    by,
    rounds: of,
  }))
}

async function cpuTime(run: () => unknown, calls: number): Promise<number> {
  const before = process.cpuUsage()
  await repeat(run, calls)
  const { user, system } = process.cpuUsage(before)
  return (user + system) * 1000
}
