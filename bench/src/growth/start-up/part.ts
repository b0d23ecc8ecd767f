import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { median } from '../../quantile.ts'
import { isWanted, type Table } from '../../section.ts'
import { pinned } from '../../worker/start-worker.ts'
import type { Part } from '../part.ts'
import { installed } from './installed.ts'
import { mounts, type Mount } from './mounts.ts'

/** The folder from which the measured processes resolve packages. */
const cwd = fileURLToPath(new URL('../../..', import.meta.url))

/** What a library adds to start-up time and to the installation. */
export const startUp: Part = {
  name: 'start-up',

  async run({ quick, runs, only }, report): Promise<readonly Table[]> {
    const wanted = mounts.filter(({ name }) => isWanted(name, only))
    const times: number[][] = wanted.map(() => [])
    const rounds = runs ?? (quick ? 2 : 5)
    for (let round = 0; round < rounds; round += 1) {
      report(`round ${round + 1} of ${rounds}`)
      for (const [index, mount] of wanted.entries()) times[index]?.push(await startOf(mount))
    }
    return [
      {
        title: 'Start and installation',
        note:
          'CPU time in milliseconds to import a library and mount it with its memory store, in a process that has already ' +
          'loaded the framework; the number of packages that it installs besides the framework, and their size on disk.',
        columns: ['library', 'start, ms', 'packages', 'KB'],
        rows: wanted.map(({ name, packages: names }, index) => {
          const { packages, bytes } = installed(names)
          return [name, median(times[index] ?? []).toFixed(1), packages, Math.round(bytes / 1000)]
        }),
      },
    ]
  },
}

/**
 * Measures the CPU time, in milliseconds, to import and mount a library. The new process imports only built packages, since
 * compiling sources would count as well.
 */
async function startOf({ framework, mount }: Mount): Promise<number> {
  const program = `${framework}
    const before = process.cpuUsage()
    ${mount}
    const { user, system } = process.cpuUsage(before)
    console.log((user + system) / 1000)
    process.exit()`
  const [command = '', ...args] = pinned([process.execPath, '--input-type=module', '-e', program])
  const { stdout } = await promisify(execFile)(command, args, { cwd })
  return Number(stdout)
}
