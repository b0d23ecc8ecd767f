/*
 * Serves the reference app of an adapter over an engine, until SIGINT or SIGTERM:
 * `npm run serve -- --adapter hono --engine sqlite --port 4001 --cookie-age 60`. Prints `READY <url>` when it listens.
 */
import type { ServeReferenceApp } from '../packages/testing/src/reference-app.ts'
import { adapters } from './serve/adapters.ts'
import { openEngine, type ServedEngine } from './serve/engines.ts'
import { parseOptions, usage, type ServeOptions } from './serve/options.ts'
import { troubled } from './serve/troubled-engine.ts'
import { ended, openUntilEnded } from './serve/until-ended.ts'

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2))
  const loadAdapter = adapterNamed(options.adapter)
  const opened = await openUntilEnded(openEngine(options.engine, options.engineUrl))
  try {
    await serve(options, await loadAdapter(), opened)
  } finally {
    await opened.close?.()
  }
}

async function serve(
  { port, flags, engineDelay, engineFail }: ServeOptions,
  serveReferenceApp: ServeReferenceApp,
  opened: ServedEngine,
): Promise<void> {
  const engine = troubled(opened.engine, { delay: engineDelay, failing: engineFail })
  const server = await serveReferenceApp({ engine, flags, port })
  console.log(`READY ${server.url}`)
  await ended
  await server.close()
}

function adapterNamed(name: string): () => Promise<ServeReferenceApp> {
  const load = Object.hasOwn(adapters, name) ? adapters[name] : undefined
  if (load !== undefined) return load
  const known = Object.keys(adapters).join(', ')
  throw new Error(`Unknown value for --adapter: ${name}. Choose one of: ${known}.`)
}

try {
  await main()
} catch (error) {
  const { message, code } = error as Error & { code?: string }
  console.error(
    code === 'EADDRINUSE'
      ? `The port is taken, choose another one with --port: ${message}`
      : message,
  )
  if (process.argv.length < 3 || code?.startsWith('ERR_PARSE_ARGS') === true) console.error(usage)
  process.exitCode = 2
}
