import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { availableParallelism, constants, setPriority } from 'node:os'

const cores = availableParallelism()

/** Puts a process with all its threads on some cores; false where that is not possible. */
function pin(pid: number, list: string): boolean {
  const args = ['--all-tasks', '--cpu-list', '--pid', list, String(pid)]
  return spawnSync('taskset', args, { stdio: 'ignore' }).status === 0
}

/** Leaves a core to the servers that are measured: this process, and whatever it starts from now on, has the others. */
export const leaveACore = (): boolean => cores > 1 && pin(process.pid, `0-${cores - 2}`)

/** Puts a server on the core that was left, before whatever else the machine would do there. */
export function takeTheCore(pid: number): void {
  if (cores > 1) pin(pid, String(cores - 1))
  try {
    // Each thread has a priority of its own, and main threads wait for those that collect garbage.
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      setPriority(Number(thread), constants.priority.PRIORITY_HIGHEST)
    }
  } catch {
    // Not everybody may: then it shares the core with what else there is.
  }
}

/** Has all cores again. */
export const takeAllCores = (): boolean => pin(process.pid, `0-${cores - 1}`)

/** How many processes load a server: one is slower than `node:http` alone. */
export const loaders: number = cores > 2 ? 2 : 1
