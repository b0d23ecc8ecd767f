import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { fileURLToPath, pathToFileURL } from 'node:url'

const keeper = fileURLToPath(new URL('../../../../scripts/services/keeper.ts', import.meta.url))

/** A server that a test may do to what it likes. */
export interface PrivateServer {
  readonly url: string
  readonly port: number
  /** Kills it. */
  readonly crash: () => Promise<void>
  /** Starts it again, on the same port and with what it has stored. */
  readonly start: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Starts a server that is nobody else's. It ends with this process in any case. */
export async function privateServer(name: 'postgres' | 'mysql' | 'redis'): Promise<PrivateServer> {
  const tsx = pathToFileURL(createRequire(keeper).resolve('tsx')).href
  const child = spawn(process.execPath, ['--no-warnings', `--import=${tsx}`, keeper, name], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const hear = async (): Promise<{ url?: string; error?: string }> => {
    const { value, done } = await lines.next()
    return done === true ? { error: 'The keeper has ended.' } : (JSON.parse(value) as object)
  }
  const tell = async (command: string): Promise<void> => {
    child.stdin.write(`${command}\n`)
    const { error } = await hear()
    if (error !== undefined) throw new Error(error)
  }
  const { url, error } = await hear()
  if (url === undefined) throw new Error(error)
  return {
    url,
    port: Number(new URL(url).port),
    crash: async () => tell('crash'),
    start: async () => tell('start'),
    async close() {
      const exit = new Promise((resolve) => child.once('exit', resolve))
      child.stdin.end()
      await exit
    },
  }
}
