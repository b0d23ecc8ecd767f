import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { availableParallelism, constants, setPriority } from 'node:os'

const cores = availableParallelism()

/** Binds all threads of a process to a list of cores; false if that is not possible. */
function pin(pid: number, list: string): boolean {
  const args = ['--all-tasks', '--cpu-list', '--pid', list, String(pid)]
  return spawnSync('taskset', args, { stdio: 'ignore' }).status === 0
}

/** Reserves the last core for the servers under measurement: binds this process, and all that it starts later, to the others. */
export const leaveACore = (): boolean => cores > 1 && pin(process.pid, `0-${cores - 2}`)

/** Binds a server to the reserved core, with the highest priority. */
export function takeTheCore(pid: number): void {
  if (cores > 1) pin(pid, String(cores - 1))
  try {
    // Priorities are per thread, and the main thread waits for those that collect garbage.
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      setPriority(Number(thread), constants.priority.PRIORITY_HIGHEST)
    }
  } catch {
    // Without the permission, the server shares the core with other processes.
  }
}

/** Gives this process all cores again. */
export const takeAllCores = (): boolean => pin(process.pid, `0-${cores - 1}`)

/** The number of processes that load a server: two if possible, since one is slower than a bare `node:http` server. */
export const loaders: number = cores > 2 ? 2 : 1
