/*
 * Keeps a private server for whoever started this process, and no longer than that lives: the end of standard input is
 * the end of the server and of its folder, also where the other process was killed. Started by `keepServer`:
 * `keeper.ts <service>`. Prints a line of JSON when the server is ready, and one after each command that it is given in
 * a line: `crash` kills the server, `start` starts it again.
 */
import { createInterface } from 'node:readline'
import { privateServer } from './private-server.ts'
import { services, type ServiceName } from './services.ts'

const say = (answer: object): void => console.log(JSON.stringify(answer))

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

// A Ctrl-C reaches every process of the terminal. Whoever started this one decides what ends.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
// Nobody listens any more.
process.stdout.on('error', () => undefined)

const commands = createInterface({ input: process.stdin })

try {
  const server = await privateServer(services[process.argv[2] as ServiceName])
  try {
    say({ url: server.url })
    for await (const command of commands) {
      await (command === 'crash' ? server.crash() : server.start())
      say({ done: command })
    }
  } finally {
    await server.remove()
  }
} catch (error) {
  say({ error: reasonOf(error) })
  process.exitCode = 1
  commands.close()
}
