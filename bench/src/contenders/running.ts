import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { compiled } from '../compile.ts'
import type { Contender } from './contender.ts'
import type { Places } from './places.ts'

/** What a server has used since it started. */
export interface Usage {
  /** Microseconds of CPU time, the kernel's included. */
  readonly micros: number
  /** How many statements its SQLite was given. */
  readonly statements: number
}

/** A contender in a process of its own. */
export interface Running {
  readonly contender: Contender
  readonly pid: number
  readonly port: number
  usage(): Promise<Usage>
  close(): Promise<void>
}

/**
 * What makes the processes of a server differ for no reason of its own:
 *
 * - For one that has been idle for eight seconds, V8 collects garbage, gives memory back, and drops code. No busy server has
 *   that done to it, but one that waits so long for its turn would, and would pay for it in its turn.
 * - From what survives the first collections, V8 decides once which object literals it allocates among the old, for good. Who
 *   refers to a request from there keeps it alive.
 */
const STEADY = ['--no-memory-reducer', '--no-allocation-site-pretenuring']

/**
 * Starts a contender. It ends with this process.
 *
 * @param flags Further flags of Node, such as `--cpu-prof`.
 * @throws {Error} with what it printed, when it does not start.
 */
export async function startContender(
  contender: Contender,
  places: Places,
  flags: readonly string[] = [],
): Promise<Running> {
  const program = await compiled(new URL('server.ts', import.meta.url))
  const child = fork(program, [contender.name, JSON.stringify(places)], {
    execArgv: ['--no-warnings', ...STEADY, ...flags],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const errors = errorsOf(child)
  const fail = once(child, 'exit').then(() => {
    throw new Error(`${contender.name} ended:\n${errors()}`)
  })
  // Whoever asks for something is told; nobody may be asking.
  fail.catch(() => undefined)
  const answer = async <Message>(): Promise<Message> => {
    const [message] = (await Promise.race([once(child, 'message'), fail])) as [Message]
    return message
  }
  const { port } = await answer<{ port: number }>()
  return {
    contender,
    pid: child.pid ?? 0,
    port,
    usage() {
      child.send('usage')
      return answer<Usage>()
    },
    async close() {
      const exit = once(child, 'exit')
      child.disconnect()
      await exit
    },
  }
}

/** The end of what a process says about its troubles. */
function errorsOf({ stderr }: ChildProcess): () => string {
  let output = ''
  stderr?.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-4000)
  })
  return () => output
}
