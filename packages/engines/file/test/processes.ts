import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'

const program = fileURLToPath(new URL('worker.ts', import.meta.url))
const command = [
  process.execPath,
  '--no-warnings',
  '--conditions=@sessions/source',
  '--import=tsx',
  program,
] as const

/** Runs a task of `worker.ts` in a separate process; resolves to its result. */
export async function answerOf(...task: readonly string[]): Promise<unknown> {
  const [node, ...flags] = command
  const { stdout } = await promisify(execFile)(node, [...flags, ...task])
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}

/** The same in a process that may have only 256 files open. */
export async function answerWithFewFiles(...task: readonly string[]): Promise<unknown> {
  const args = ['-c', 'ulimit -n 256; exec "$@"', 'sh', ...command, ...task]
  const { stdout } = await promisify(execFile)('sh', args)
  return JSON.parse(stdout)
}

/** The same on a small disk: a file system of its own if that can be mounted, else a limit on the size of files. */
export async function answerOnSmallDisk(directory: string, task: string): Promise<unknown> {
  const [shell, script] = canMount()
    ? [['unshare', '--user', '--map-root-user', '--mount', 'sh'], mountThen]
    : [['sh'], 'ulimit -f 128; shift; exec "$@"']
  const [file = '', ...flags] = shell
  const args = [...flags, '-c', script, 'sh', directory, ...command, task, directory]
  const { stdout } = await promisify(execFile)(file, args)
  return JSON.parse(stdout)
}

const mountThen = 'mount -t tmpfs -o size=256k none "$1" && shift && exec "$@"'

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

/** A process that runs a task of `worker.ts`. */
export interface Running {
  readonly child: ChildProcess
  /** The lines that it prints. */
  readonly lines: AsyncIterableIterator<string>
  /** Kills it; resolves when it has ended. */
  readonly kill: () => Promise<void>
}

/** Starts a task of `worker.ts`, which is killed when the test ends. */
export function started(...task: readonly string[]): Running {
  const [node, ...flags] = command
  const child = spawn(node, [...flags, ...task], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'close')
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  onTestFinished(kill)
  return { child, lines: createInterface(child.stdout)[Symbol.asyncIterator](), kill }
}
