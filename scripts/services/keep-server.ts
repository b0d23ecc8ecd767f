import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { services, type ServiceName } from './services.ts'

/** A running server. */
export interface KeptServer {
  readonly url: string
  /** Stops the server if it is a private one. A private server ends with this process at the latest. */
  readonly close: () => Promise<void>
}

/**
 * Returns a server for tests and `npm run serve`: the one that the environment variable names, or a new private one.
 *
 * @throws {Error} if there is neither; the message says what to install.
 */
export async function keepServer(name: ServiceName): Promise<KeptServer> {
  const url = process.env[services[name].variable]
  return url === undefined || url === ''
    ? startPrivate(name)
    : { url, close: async () => undefined }
}

async function startPrivate(name: ServiceName): Promise<KeptServer> {
  const keeper = fileURLToPath(new URL('keeper.ts', import.meta.url))
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  // Detached, so that Ctrl-C does not reach it and it can clean up.
  const child = spawn(process.execPath, ['--no-warnings', `--import=${tsx}`, keeper, name], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  })
  const lines = createInterface({ input: child.stdout })
  const [line] = (await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(() => ['{}']),
  ])) as string[]
  const { url, error } = JSON.parse(line ?? '{}') as { url?: string; error?: string }
  if (url === undefined)
    throw new Error(error ?? `The process that keeps ${services[name].title} running has failed.`)
  return {
    url,
    async close() {
      const exit = once(child, 'exit')
      child.stdin.end()
      await exit
    },
  }
}
