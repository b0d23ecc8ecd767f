/*
 * Serves the demos, one on each framework, over one store, until SIGINT or SIGTERM: `npm start`, or for example
 * `npm start -- --only express --engine redis --port 4000`. The options are described in apps/demo-server/src/options.ts.
 */
import { join } from 'node:path'
import {
  explain,
  frameworks,
  openSqliteFile,
  readOptions,
  serveDemos,
  type ServedDemos,
  type StartOptions,
} from '../apps/demo-server/src/index.ts'
import { root } from './lib/workspace.mjs'
import { openEngine, type ServedEngine } from './serve/engines.ts'
import { ended, openUntilEnded } from './serve/until-ended.ts'

/** Printed after an unknown option. */
const usage = `npm start -- [--only ${frameworks.map(({ name }) => name).join(',')}] [--engine NAME] [--engine-url URL]
  [--port N] [--host NAME]`

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env)
  const { engine, close, store } = await openUntilEnded(openStore(options))
  try {
    const demos = await serveDemos({ ...options, engine, store })
    announce(demos, store)
    await ended
    await demos.close()
  } finally {
    await close?.()
  }
}

/** Opens the requested engine; by default, SQLite over a file in the repository. */
async function openStore({
  engine: name = 'sqlite',
  engineUrl,
}: StartOptions): Promise<ServedEngine & { readonly store: string }> {
  if (name === 'sqlite' && engineUrl === undefined) {
    return { ...(await openSqliteFile(join(root, '.data/sessions.db'))), store: SQLITE }
  }
  return { ...(await openEngine(name, engineUrl)), store: `the engine ${name}` }
}

const SQLITE = 'the SQLite file .data/sessions.db'

function announce({ places }: ServedDemos, store: string): void {
  const width = Math.max(...places.map(({ title }) => title.length))
  const lines = places.map(({ title, url }) => `  ${title.padEnd(width)}  ${url}`)
  console.log(`\n${lines.join('\n')}\n\nSessions are stored in ${store}. Press Ctrl-C to stop.`)
}

try {
  await main()
} catch (error) {
  console.error(await explain(error))
  if ((error as Error & { code?: string }).code?.startsWith('ERR_PARSE_ARGS')) console.error(usage)
  process.exitCode = 1
}
