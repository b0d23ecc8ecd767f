/*
 * Requests in a process of its own: `worker.ts <servers> <prefix> <key> <name> <count>`. Each of so many requests has loaded the
 * session, says so, waits to be told on stdin to go on, and 10 ms later sets a key of its own.
 */
import { createSessions } from '@sessions/core'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { memcachedClient, memcachedEngine } from '../src/index.ts'

const [, , servers = '', keyPrefix = '', key = '', name = '', count = ''] = process.argv
const client = memcachedClient(servers.split(','))
const engine = memcachedEngine(client, { keyPrefix })
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
client.close()
