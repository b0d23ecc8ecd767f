import { execFileSync, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const workerFile = fileURLToPath(new URL('worker.ts', import.meta.url))
const command = [
  process.execPath,
  '--no-warnings',
  '--conditions=@sessions/source',
  '--import=tsx',
  workerFile,
] as const

/** A task that runs in another process. */
export interface Working {
  /** Resolves when the process waits to proceed. */
  readonly waiting: Promise<void>
  /** Lets the process proceed. */
  readonly proceed: () => void
  /** The result of the task. */
  readonly answer: Promise<unknown>
}

/** Starts a task of `worker.ts` in a separate process. */
export function startWorker(...args: readonly string[]): Working {
  return started([...command, ...args])
}

/** Runs a task of `worker.ts`; resolves to its result. */
export async function worker(...args: readonly string[]): Promise<unknown> {
  return startWorker(...args).answer
}

/** The same on a small disk: a file system of its own if that can be mounted, else a limit on the size of files. */
export async function workerOnSmallDisk(
  folder: string,
  ...args: readonly string[]
): Promise<unknown> {
  const [shell, script] = canMount()
    ? [
        ['unshare', '--user', '--map-root-user', '--mount', 'sh'],
        'mount -t tmpfs -o size=1m none "$1" && shift && exec "$@"',
      ]
    : [['sh'], 'ulimit -f 1024; shift; exec "$@"']
  return started([...shell, '-c', script, 'sh', folder, ...command, ...args]).answer
}

function canMount(): boolean {
  try {
    const probe = 'mount -t tmpfs none /tmp'
    const flags = ['--user', '--map-root-user', '--mount', 'sh', '-c', probe]
    execFileSync('unshare', flags, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function started([program = '', ...args]: readonly string[]): Working {
  const child = spawn(program, args, { stdio: 'pipe' })
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
