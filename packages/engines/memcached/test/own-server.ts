import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** A server that a test may do anything to. */
export interface OwnServer {
  /** Where it listens, as `host:port`. */
  readonly name: string
  readonly port: number
  /** Kills it, as the system does where memory runs out. */
  readonly kill: () => Promise<void>
  /** Has it stop where it is, with its connections open. */
  readonly hang: () => void
  /** Starts it again, with nothing in it. */
  readonly start: () => Promise<void>
}

/** Starts a `memcached`. */
export async function ownServer(...settings: readonly string[]): Promise<OwnServer> {
  const port = await freePort()
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  const args = ['-l', '127.0.0.1', '-p', String(port), ...user, ...settings]
  let child: ChildProcess | undefined
  // A test that fails may leave it running.
  process.once('exit', () => void child?.kill('SIGKILL'))
  const start = async (): Promise<void> => {
    child = spawn('memcached', args, { stdio: 'ignore' })
    const failed = once(child, 'exit').then(() => Promise.reject(new Error('It did not start.')))
    await Promise.race([listens(port), failed])
    failed.catch(() => undefined)
  }
  await start()
  return {
    name: `127.0.0.1:${port}`,
    port,
    start,
    hang: () => void child?.kill('SIGSTOP'),
    async kill() {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
      const exit = once(child, 'exit')
      child.kill('SIGKILL')
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

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
