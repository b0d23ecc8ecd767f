import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { fileURLToPath, pathToFileURL } from 'node:url'

const keeper = fileURLToPath(new URL('../../../../scripts/services/keeper.ts', import.meta.url))

/** A server that only one test uses, which may crash it. */
export interface PrivateServer {
  readonly url: string
  readonly port: number
  /** Kills the server. */
  readonly crash: () => Promise<void>
  /** Starts it again on the same port, with the data that it had stored. */
  readonly start: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Starts a server for one test. It ends with this process at the latest. */
export async function privateServer(name: 'postgres' | 'mysql' | 'redis'): Promise<PrivateServer> {
  const tsx = pathToFileURL(createRequire(keeper).resolve('tsx')).href
  const child = spawn(process.execPath, ['--no-warnings', `--import=${tsx}`, keeper, name], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const receive = async (): Promise<{ url?: string; error?: string }> => {
    const { value, done } = await lines.next()
    return done === true
      ? { error: `The process that keeps ${name} has ended.` }
      : (JSON.parse(value) as object)
  }
  const send = async (command: string): Promise<void> => {
    child.stdin.write(`${command}\n`)
    const { error } = await receive()
    if (error !== undefined) throw new Error(error)
  }
  const { url, error } = await receive()
  if (url === undefined) throw new Error(error)
  return {
    url,
    port: Number(new URL(url).port),
    crash: async () => send('crash'),
    start: async () => send('start'),
    async close() {
      const exit = new Promise((resolve) => child.once('exit', resolve))
      child.stdin.end()
      await exit
    },
  }
}
