import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { fileURLToPath, pathToFileURL } from 'node:url'

/**
 * Runs a program in a Node of its own, bound to one core where the system can do that, and answers the JSON that it prints.
 *
 * @param flags For Node.
 * @throws {Error} when the program fails.
 */
export async function runWorker<Answer>(
  program: URL,
  args: readonly string[],
  flags: readonly string[] = [],
): Promise<Answer> {
  const node = [process.execPath, ...flags, ...loader(), fileURLToPath(program), ...args]
  const [command = '', ...rest] = pinned(node)
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (code !== 0) throw new Error(`${program.pathname} ended with ${String(code)}.`)
  return JSON.parse(output) as Answer
}

/** What a Node needs to run the sources of the benchmark. */
export function loader(): readonly string[] {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  return ['--no-warnings', `--import=${tsx}`]
}

/** The command, bound to the last core: the first ones have more to do for the system. */
export function pinned(command: readonly string[]): readonly string[] {
  if (process.platform !== 'linux') return command
  return ['taskset', '-c', String(availableParallelism() - 1), ...command]
}
