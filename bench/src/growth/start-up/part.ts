import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { median } from '../../median.ts'
import { isWanted, type Table } from '../../section.ts'
import { pinned } from '../../worker/start-worker.ts'
import type { Part } from '../part.ts'
import { installed } from './installed.ts'
import { mounts, type Mount } from './mounts.ts'

/** From where the packages are found. */
const cwd = fileURLToPath(new URL('../../..', import.meta.url))

/** What a library adds to the start of a process, and to its installation. */
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
          'Milliseconds of CPU time to import and mount a library in memory, in a process where the framework is loaded ' +
          'already; how many packages it installs beside the framework, and what they take on the disk.',
        columns: ['library', 'start, ms', 'packages', 'KB'],
        rows: wanted.map(({ name, packages: names }, index) => {
          const { packages, bytes } = installed(names)
          return [name, median(times[index] ?? []).toFixed(1), packages, Math.round(bytes / 1000)]
        }),
      },
    ]
  },
}

/** In a process that imports built packages only, and no sources: those would have to be compiled. */
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
