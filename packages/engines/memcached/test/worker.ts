/*
 * Runs requests in a separate process: `worker.ts <servers> <prefix> <key> <name> <count>`. Each of `count` requests
 * loads the session. The process prints `ready` and waits for input on stdin; 10 ms later, each request saves a key of
 * its own. Then each tries twenty times to create the record `contested`. Prints the outcomes of the saves, and how
 * many creates won.
 */
import { createSessions, isSessionError } from '@sessions/core'
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
process.stdout.write('ready\n')
await once(process.stdin, 'data')
process.stdin.destroy()
const saves = await Promise.all(
  sessions.map(async (session, index) => {
    await wait(10)
    session.set(`${name} ${index}`, index)
    return session.save().then(
      () => 'saved',
      (error: unknown) => (isSessionError(error) ? error.code : String(error)),
    )
  }),
)
const record = { data: name, expiresAt: Date.now() + 60_000 }
const creates = await Promise.all(
  Array.from({ length: 20 * sessions.length }, async () => engine.create('contested', record)),
)
const won = creates.filter(({ status }) => status === 'saved').length
client.close()
process.stdout.write(JSON.stringify({ saves, won }))
