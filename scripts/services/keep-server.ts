import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { services, type ServiceName } from './services.ts'

/** A server that can be used. */
export interface KeptServer {
  readonly url: string
  /** Ends it, where it is a private one. It ends with this process in any case. */
  readonly close: () => Promise<void>
}

/**
 * A server for tests and `npm run serve`: the one that the environment names, or a private one.
 *
 * @throws {Error} when neither is to be had, with a sentence that says what to install.
 */
export async function keepServer(name: ServiceName): Promise<KeptServer> {
  const url = process.env[services[name].variable]
  return url === undefined || url === '' ? privateOne(name) : { url, close: async () => undefined }
}

async function privateOne(name: ServiceName): Promise<KeptServer> {
  const keeper = fileURLToPath(new URL('keeper.ts', import.meta.url))
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  // Detached, so that it outlives a Ctrl-C for as long as it takes to clean up.
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
  if (url === undefined) throw new Error(error ?? `The keeper of ${services[name].title} failed.`)
  return {
    url,
    async close() {
      const exit = once(child, 'exit')
      child.stdin.end()
      await exit
    },
  }
}
