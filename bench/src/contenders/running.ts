import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { compiled } from '../compile.ts'
import type { Contender } from './contender.ts'
import type { Places } from './places.ts'

/** The resources that a server has used since it started. */
export interface Usage {
  /** User and kernel CPU time, in microseconds. */
  readonly micros: number
  /** The number of SQLite statements executed. */
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
 * Turns off what makes processes of the same server differ by chance:
 *
 * - After eight idle seconds, V8 collects garbage, returns memory and discards compiled code. A busy server never goes
 *   through that, but a server waiting for its turn would, and would pay for it in its next window.
 * - From what survives the first garbage collections, V8 decides, once and for good, which object literals to allocate
 *   directly in the old generation. If such an object refers to a request, it keeps the request alive.
 */
const STEADY = ['--no-memory-reducer', '--no-allocation-site-pretenuring']

/**
 * Starts a contender in a child process, which ends with this one.
 *
 * @param flags Additional Node flags, such as `--cpu-prof`.
 * @throws {Error} with the end of its stderr, if it exits before it listens.
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
  const exited = once(child, 'exit')
  const fail = exited.then(() => {
    throw new Error(`The server of ${contender.name} exited unexpectedly:\n${errors()}`)
  })
  // Whoever awaits an answer gets this rejection; when nobody does, it must not be unhandled.
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
      if (child.connected) child.disconnect()
      await exited
    },
  }
}

/** Collects the last 4,000 characters that a process writes to stderr. */
function errorsOf({ stderr }: ChildProcess): () => string {
  let output = ''
  stderr?.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-4000)
  })
  return () => output
}
