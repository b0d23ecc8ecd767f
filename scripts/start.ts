/*
 * Serves the demos, one on each framework, over one store until it is told to end: `npm start`, and for example
 * `npm start -- --only express --engine redis --port 4000`. What it takes is said in apps/demo-server/src/options.ts.
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
import { engines, type ServedEngine } from './serve/engines.ts'
import { ended, openUntilEnded } from './serve/until-ended.ts'

/** What the command takes, for whoever asks it for something else. */
const usage = `npm start -- [--only ${frameworks.map(({ name }) => name).join(',')}] [--engine NAME] [--engine-url URL]
  [--port N] [--host NAME]`

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env)
  const { engine, close, store } = await openUntilEnded(openEngine(options))
  try {
    const demos = await serveDemos({ ...options, engine, store })
    announce(demos, store)
    await ended
    await demos.close()
  } finally {
    await close?.()
  }
}

/** The engine that was asked for; SQLite in a file of the repository where none was. */
async function openEngine({
  engine: name = 'sqlite',
  engineUrl,
}: StartOptions): Promise<ServedEngine & { readonly store: string }> {
  if (name === 'sqlite' && engineUrl === undefined) {
    return { ...(await openSqliteFile(join(root, '.data/sessions.db'))), store: SQLITE }
  }
  const open = Object.hasOwn(engines, name) ? engines[name] : undefined
  if (open === undefined) {
    throw new Error(
      `There is no engine called ${name}. There are: ${Object.keys(engines).join(', ')}.`,
    )
  }
  return { ...(await open(engineUrl)), store: `the engine ${name}` }
}

const SQLITE = 'the SQLite file .data/sessions.db'

function announce({ places }: ServedDemos, store: string): void {
  const width = Math.max(...places.map(({ title }) => title.length))
  const lines = places.map(({ title, url }) => `  ${title.padEnd(width)}  ${url}`)
  console.log(`\n${lines.join('\n')}\n\nOne session for all, kept in ${store}. Ctrl-C stops.`)
}

try {
  await main()
} catch (error) {
  console.error(await explain(error))
  if ((error as Error & { code?: string }).code?.startsWith('ERR_PARSE_ARGS')) console.error(usage)
  process.exitCode = 1
}
