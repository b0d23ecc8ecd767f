/*
 * Requests in a process of its own: `worker.ts <kind> <client> <url> <prefix> <key> <name> <count>`. Each of so many requests
 * has loaded the session, says so, waits to be told on stdin to go on, and 10 ms later sets a key of its own.
 */
import { createSessions } from '@sessions/core'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { redisEngine } from '../src/index.ts'
import { clusters, singles } from './clients.ts'

const [, , kind = '', client = '', url = '', keyPrefix = '', key = '', name = '', count = ''] =
  process.argv
const connect = (kind === 'cluster' ? clusters : singles)[client]
if (connect === undefined) throw new Error(`There is no client ${client}.`)

const connected = await connect(url)
const engine = redisEngine(connected.client, { keyPrefix })
const manager = createSessions<Record<string, number>>({ engine })
const sessions = await Promise.all(
  Array.from({ length: Number(count) }, async () => manager.open(key).load()),
)
process.stdout.write('loaded\n')
await once(process.stdin, 'data')
process.stdin.destroy()
await Promise.all(
  sessions.map(async (session, index) => {
    await wait(10)
    session.set(`${name} ${index}`, index)
    await session.save()
  }),
)
await connected.close()
