import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from '../../../testing/test/support/free-port.ts'

/** A server that a test may break. */
export interface OwnServer {
  /** Where it listens, as `host:port`. */
  readonly name: string
  readonly port: number
  /** Kills it with SIGKILL, as the system does when memory runs out. */
  readonly kill: () => Promise<void>
  /** Suspends it, with its connections open. */
  readonly hang: () => void
  /** Starts it again, empty. */
  readonly start: () => Promise<void>
}

/** Runs a program, prints its process id, and kills it when the other end of standard input is closed. */
const script = '"$0" "$@" & echo $!; cat > /dev/null; kill -9 $!; wait'

/** Starts a `memcached`, which does not outlive this process. */
export async function ownServer(...settings: readonly string[]): Promise<OwnServer> {
  const port = await freePort()
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  const args = ['-l', '127.0.0.1', '-p', String(port), ...user, ...settings]
  let keeper: ChildProcessByStdio<Writable, Readable, null>
  let pid = 0
  const start = async (): Promise<void> => {
    keeper = spawn('/bin/sh', ['-c', script, 'memcached', ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    pid = Number(String(await once(keeper.stdout, 'data')))
    await listens(port)
  }
  await start()
  return {
    name: `127.0.0.1:${port}`,
    port,
    start,
    hang: () => void process.kill(pid, 'SIGSTOP'),
    async kill() {
      const exit = once(keeper, 'exit')
      keeper.stdin.end()
      await exit
    },
  }
}

async function listens(port: number): Promise<void> {
  while (!(await isOpen(port))) await wait(20)
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}
