/*
 * Serves the reference app of an adapter over an engine, until SIGINT or SIGTERM:
 * `npm run serve -- --adapter hono --engine sqlite --port 4001 --cookie-age 60`. Prints `READY <url>` when it listens.
 */
import { adapters } from './serve/adapters.ts'
import { engines, type ServedEngine } from './serve/engines.ts'
import { parseOptions, usage, type ServeOptions } from './serve/options.ts'
import { troubled } from './serve/troubled-engine.ts'
import { ended, openUntilEnded } from './serve/until-ended.ts'

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2))
  const loadAdapter = choose(adapters, options.adapter, 'adapter')
  const openEngine = choose(engines, options.engine, 'engine')
  const opened = await openUntilEnded(openEngine(options.engineUrl))
  try {
    await serve(options, await loadAdapter(), opened)
  } finally {
    await opened.close?.()
  }
}

async function serve(
  { port, flags, engineDelay, engineFail }: ServeOptions,
  serveReferenceApp: Awaited<ReturnType<(typeof adapters)[string]>>,
  opened: ServedEngine,
): Promise<void> {
  const engine = troubled(opened.engine, { delay: engineDelay, failing: engineFail })
  const server = await serveReferenceApp({ engine, flags, port })
  console.log(`READY ${server.url}`)
  await ended
  await server.close()
}

function choose<Choice>(
  choices: Readonly<Record<string, Choice>>,
  name: string,
  flag: string,
): Choice {
  const chosen = Object.hasOwn(choices, name) ? choices[name] : undefined
  if (chosen !== undefined) return chosen
  const known = Object.keys(choices).join(', ')
  throw new Error(`Unknown value for --${flag}: ${name}. Choose one of: ${known}.`)
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
