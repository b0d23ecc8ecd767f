import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const workerFile = fileURLToPath(new URL('worker.ts', import.meta.url))
const flags = ['--no-warnings', '--conditions=@sessions/source', '--import=tsx', workerFile]

/** A task that another process carries out. */
export interface Working {
  /** Resolves when the process has said that it waits to go on. */
  readonly waiting: Promise<void>
  /** Lets it go on. */
  readonly proceed: () => void
  /** What it answers. */
  readonly answer: Promise<unknown>
}

/** Runs a task of `worker.ts` in a process of its own. */
export function startWorker(...args: readonly string[]): Working {
  const child = spawn(process.execPath, [...flags, ...args], { stdio: 'pipe' })
  let output = ''
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const waiting = new Promise<void>((resolve) => {
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('loaded\n')) resolve()
    })
  })
  const answer = new Promise<unknown>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(output))
      else reject(new Error(`The worker failed:\n${said}`))
    })
  })
  return {
    waiting: Promise.race([waiting, answer.then(() => undefined)]),
    proceed: () => child.stdin.write('go on\n'),
    answer,
  }
}

/** What a task of `worker.ts` answers. */
export async function worker(...args: readonly string[]): Promise<unknown> {
  return startWorker(...args).answer
}
