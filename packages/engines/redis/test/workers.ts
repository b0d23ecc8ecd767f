import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const workerFile = fileURLToPath(new URL('worker.ts', import.meta.url))
const flags = ['--no-warnings', '--conditions=@sessions/source', '--import=tsx', workerFile]

/** Requests in another process. */
export interface Working {
  /** Resolves when each of them may go on. */
  readonly ready: Promise<unknown>
  /** Lets them go on; resolves what became of each when the process has ended well. */
  readonly proceed: () => Promise<readonly string[]>
}

/** Starts `worker.ts`. */
export function startWorker(...args: readonly string[]): Working {
  const child = spawn(process.execPath, [...flags, ...args], { stdio: 'pipe' })
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const end = once(child, 'close').then(([code]) => {
    if (code !== 0) throw new Error(`The worker failed:\n${errors}`)
  })
  return {
    ready: Promise.race([once(child.stdout, 'data'), end]),
    async proceed() {
      child.stdin.write('go on\n')
      await end
      return JSON.parse(output.slice('ready\n'.length)) as string[]
    },
  }
}
