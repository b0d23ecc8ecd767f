import { parseArgs } from 'node:util'
import { frameworks, type Framework } from './demos.ts'

/** The address that the demos listen at. */
export interface Address {
  readonly hostname: string
  /** The first port; the others follow it. 0 for any free ports. */
  readonly port: number
}

/** The parsed arguments of `npm start`. */
export interface StartOptions extends Address {
  readonly frameworks: readonly Framework[]
  /** The name of an engine; undefined for SQLite over the file of the demos. */
  readonly engine: string | undefined
  /** The URL of the engine's store. */
  readonly engineUrl: string | undefined
}

const options = {
  port: { type: 'string' },
  host: { type: 'string' },
  only: { type: 'string', multiple: true },
  engine: { type: 'string' },
  'engine-url': { type: 'string' },
} as const

/**
 * Reads the arguments of `npm start`: `--port` and `--host` (or PORT and HOST), `--only`, `--engine` and `--engine-url`.
 * Without them, every demo is served to this machine alone, on port 3000 and those that follow, over SQLite.
 *
 * @throws {Error} if a port, demo or option is invalid; the message is for the user.
 */
export function readOptions(args: string[], env: Readonly<NodeJS.ProcessEnv>): StartOptions {
  const { values } = parseArgs({ args, options })
  return {
    port: readPort(values.port ?? env['PORT'] ?? '3000'),
    hostname: values.host ?? env['HOST'] ?? '127.0.0.1',
    frameworks: readFrameworks(values.only),
    engine: values.engine,
    engineUrl: values['engine-url'],
  }
}

function readPort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port + frameworks.length <= 65_535) return port
  throw new Error(
    `Port ${text} cannot be the first port: choose one from 1 to ${65_535 - frameworks.length}, or 0 for any free ports.`,
  )
}

function readFrameworks(only: readonly string[] | undefined): readonly Framework[] {
  if (only === undefined) return frameworks
  const names = only.flatMap((list) => list.split(',')).map((name) => name.trim().toLowerCase())
  const unknown = names.filter((name) => !frameworks.some((framework) => framework.name === name))
  if (unknown.length > 0) {
    const known = frameworks.map(({ name }) => name).join(', ')
    throw new Error(`Unknown value for --only: ${unknown.join(', ')}. Choose from: ${known}.`)
  }
  return frameworks.filter(({ name }) => names.includes(name))
}
