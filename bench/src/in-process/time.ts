import type { Cost, Operation } from './operation.ts'
import { repeat, warmUp } from './repeat.ts'

/**
 * Measures the CPU time of a call in nanoseconds, over all threads of this process. The operations take turns in each round,
 * so that other load on the machine affects all of them.
 *
 * @param milliseconds The approximate duration of one operation's round.
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
    for (const { operation, calls, rounds: figures } of measured) {
      figures.push((await cpuTime(operation.run, calls)) / calls)
    }
  }
  return measured.map(({ operation: { group, name, by }, rounds: figures }) => ({
    group,
    name,
    by,
    rounds: figures,
  }))
}

async function cpuTime(run: () => unknown, calls: number): Promise<number> {
  const before = process.cpuUsage()
  await repeat(run, calls)
  const { user, system } = process.cpuUsage(before)
  return (user + system) * 1000
}
