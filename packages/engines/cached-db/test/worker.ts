/*
 * Runs requests in a separate process: `worker.ts <place> <key> <name> <count>`. Each of `count` requests loads the
 * session. The process prints `ready` and waits for input on stdin; 10 ms later, each request saves a key of its own.
 * Then the process makes 500 creates of one id, which another process creates as well, and prints how many succeeded.
 */
import { createSessions } from '@sessions/core'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { open, type Place } from './servers.ts'

const [, , place = '', key = '', name = '', count = ''] = process.argv
const { engine, close } = open(JSON.parse(place) as Place)
const manager = createSessions<Record<string, number>>({ engine })

const sessions = await Promise.all(
  Array.from({ length: Number(count) }, async () => manager.open(key).load()),
)
process.stdout.write('ready\n')
await once(process.stdin, 'data')
process.stdin.destroy()
await Promise.all(
  sessions.map(async (session, index) => {
    await wait(10)
    session.set(`${name} ${index}`, index)
    await session.save()
  }),
)
const created = await Promise.all(
  Array.from({ length: 500 }, async () =>
    engine.create('id', { data: name, expiresAt: Date.now() + 60_000 }),
  ),
)
process.stdout.write(`${created.filter(({ status }) => status === 'saved').length}\n`)
await close()
