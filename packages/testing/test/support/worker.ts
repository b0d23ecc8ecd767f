import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A program in another process. */
export interface Working<Outcome> {
  /** Resolves when the program waits to proceed. */
  readonly ready: Promise<unknown>
  /** Makes the program proceed; resolves its result when it has ended. Rejects if its exit code is not 0. */
  readonly proceed: () => Promise<Outcome>
}

/**
 * Starts a program that prints a line when it is ready, waits for a line on stdin, and then prints its result as JSON.
 */
export function startWorker<Outcome>(program: URL, ...args: readonly string[]): Working<Outcome> {
  const flags = ['--no-warnings', '--conditions=@sessions/source', '--import=tsx']
  const child = spawn(process.execPath, [...flags, fileURLToPath(program), ...args], {
    stdio: 'pipe',
  })
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
      return JSON.parse(output.slice(output.indexOf('\n'))) as Outcome
    },
  }
}
