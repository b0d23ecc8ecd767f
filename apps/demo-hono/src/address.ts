import { parseArgs } from 'node:util'

/** Where the demo listens. */
export interface Address {
  readonly hostname: string
  readonly port: number
}

/**
 * The address that `--port` and `--host`, or PORT and HOST, ask for; port 3000 of this machine alone where they do not.
 *
 * @throws {Error} when there is no such port or option; its message is for the user.
 */
export function readAddress(args: string[], env: Readonly<NodeJS.ProcessEnv>): Address {
  const options = { port: { type: 'string' }, host: { type: 'string' } } as const
  const { values } = parseArgs({ args, options })
  const asked = values.port ?? env['PORT'] ?? '3000'
  const port = Number(asked)
  if (!/^\d+$/.test(asked) || port > 65_535) {
    throw new Error(`Port ${asked} does not exist: choose one from 1 to 65535, or 0 for any.`)
  }
  return { port, hostname: values.host ?? env['HOST'] ?? '127.0.0.1' }
}

/** What to tell a user for whom the server did not start. */
export function explain(error: NodeJS.ErrnoException, { port }: Address): string {
  if (error.code === 'EADDRINUSE') {
    return `Port ${port} is taken: stop what listens there, or choose another: npm start -- --port ${port + 1}`
  }
  if (error.code === 'EACCES') {
    return `Port ${port} may not be used by you: choose one above 1023, as in npm start -- --port 3000`
  }
  return error.message
}
