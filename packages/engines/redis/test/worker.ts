/*
 * Runs requests in a separate process: `worker.ts <kind> <client> <url> <prefix> <job> <key> <name> <count>`. It prints
 * `ready`, waits for input on stdin, and prints the outcome of each request, as JSON.
 *
 * `set`: each request loads the session before `ready`, and saves a key of its own 10 ms after the input.
 * `create`: each request creates a record under that key.
 */
import { createSessions, isSessionError } from '@sessions/core'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { redisEngine } from '../src/index.ts'
import { clusters, singles } from './clients.ts'

const [, , kind = '', client = '', url = '', keyPrefix = '', job = '', key = '', name = '', count] =
  process.argv
const connect = (kind === 'cluster' ? clusters : singles)[client]
if (connect === undefined) throw new Error(`There is no client ${client}.`)

const connected = await connect(url)
const engine = redisEngine(connected.client, { keyPrefix })
const manager = createSessions<Record<string, number>>({ engine })
const prepare = job === 'set' ? load : connectFirst
const requests = await Promise.all(Array.from({ length: Number(count) }, prepare))
process.stdout.write('ready\n')
await once(process.stdin, 'data')
process.stdin.destroy()
process.stdout.write(JSON.stringify(await Promise.all(requests.map(async (request) => request()))))
await connected.close()

async function load(_: unknown, index: number): Promise<() => Promise<string>> {
  const session = await manager.open(key).load()
  return async () => {
    await wait(10)
    session.set(`${name} ${index}`, index)
    return session.save().then(
      () => 'saved',
      (error: unknown) => (isSessionError(error) ? error.code : String(error)),
    )
  }
}

async function connectFirst(): Promise<() => Promise<string>> {
  await engine.exists(key)
  const record = { data: name, expiresAt: Date.now() + 60_000 }
  return async () => (await engine.create(key, record)).status
}
