import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Place } from './servers.ts'

const workerFile = fileURLToPath(new URL('worker.ts', import.meta.url))
const flags = ['--no-warnings', '--conditions=@sessions/source', '--import=tsx', workerFile]

/** Requests in another process. */
export interface Working {
  /** Resolves when each of them has loaded its session. */
  readonly loaded: Promise<unknown>
  /** Lets them go on; resolves how many sessions the process has created when it has ended well. */
  readonly proceed: () => Promise<number>
}

/** Starts `worker.ts`. */
export function startWorker(place: Place, ...args: readonly string[]): Working {
  const child = spawn(process.execPath, [...flags, JSON.stringify(place), ...args], {
    stdio: 'pipe',
  })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const lines: unknown[] = []
  const output = createInterface({ input: child.stdout })
  output.on('line', (line) => lines.push(JSON.parse(line)))
  const end = once(child, 'close').then(([code]) => {
    if (code !== 0) throw new Error(`The worker failed:\n${errors}`)
  })
  return {
    loaded: Promise.race([once(output, 'line'), end]),
    async proceed() {
      child.stdin.write('go on\n')
      await end
      return Number(lines.at(-1))
    },
  }
}
