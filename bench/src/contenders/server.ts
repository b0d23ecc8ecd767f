/*
 * Serves one contender until the parent process disconnects: `server.ts <name> <places>`. Sends its port once it listens,
 * and answers every message with its `Usage` so far.
 */
import { contenderNamed } from './contenders.ts'
import type { Places } from './places.ts'
import type { Usage } from './running.ts'
import { statementCount } from './stores/statements.ts'

const [name = '', places = '{}'] = process.argv.slice(2)

process.on('disconnect', () => process.exit())
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  const usage: Usage = { micros: user + system, statements: statementCount() }
  process.send?.(usage)
})

process.env['NODE_ENV'] = 'production'

const port = await contenderNamed(name).serve(JSON.parse(places) as Places)
process.send?.({ port })
