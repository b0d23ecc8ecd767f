/*
 * Runs a private server for its parent process. When standard input ends, also because the parent was killed, it stops the
 * server and removes its folder. Started by `keepServer` as `keeper.ts <service>`. Prints a line of JSON when the server is
 * ready, and one after each command, a line of standard input: `crash` kills the server, `start` starts it again.
 */
import { createInterface } from 'node:readline'
import { privateServer } from './private-server.ts'
import { services, type ServiceName } from './services.ts'

const print = (answer: object): void => console.log(JSON.stringify(answer))

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

// Signals that reach every process of the terminal, such as Ctrl-C, are left to the parent: it ends standard input.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
// The parent no longer reads.
process.stdout.on('error', () => undefined)

const commands = createInterface({ input: process.stdin })

try {
  const server = await privateServer(services[process.argv[2] as ServiceName])
  try {
    print({ url: server.url })
    for await (const command of commands) {
      await (command === 'crash' ? server.crash() : server.start())
      print({ done: command })
    }
  } finally {
    await server.remove()
  }
} catch (error) {
  print({ error: reasonOf(error) })
  process.exitCode = 1
  commands.close()
}
