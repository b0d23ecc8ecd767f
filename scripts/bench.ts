/*
 * What a session costs in process: CPU time per request of core and the memory engine, beside the JSON that a session of
 * this size needs in any case. Medians of several rounds; on a shared machine only their ratios hold.
 */
import { createSessions } from '../packages/core/src/index.ts'
import { memoryEngine } from '../packages/engines/memory/src/index.ts'

const ROUNDS = 7
const REQUESTS = 40_000
const RESPONSE = { status: 200, https: true, host: 'example.com' }

const manager = createSessions({ engine: memoryEngine() })
const seed = manager.open()
for (let index = 0; index < 8; index++) {
  seed.set(`key${index}`, { id: index, name: 'some name here', list: [1, 2, 3] })
}
seed.set('views', 1)
await seed.save()
const header = `theme=dark; sessionid=${seed.sessionKey}`
const text = JSON.stringify(seed.toObject())
const data: unknown = JSON.parse(text)

async function request(cookie: string, handle: (session: typeof seed) => unknown): Promise<void> {
  const session = await manager.openFromCookies(cookie).load()
  handle(session)
  await manager.commit(session, RESPONSE)
}

/** Microseconds of CPU for each run: the median of the rounds, after one to warm up. */
async function measure(run: () => unknown): Promise<number> {
  const rounds: number[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const before = process.cpuUsage()
    for (let count = 0; count < REQUESTS; count++) {
      const running = run()
      if (running instanceof Promise) await running
    }
    const { user, system } = process.cpuUsage(before)
    if (round > 0) rounds.push((user + system) / REQUESTS)
  }
  return rounds.toSorted((a, b) => a - b)[ROUNDS >> 1] ?? 0
}

const scenarios: Readonly<Record<string, () => unknown>> = {
  'JSON.parse of the session': () => JSON.parse(text),
  'JSON.stringify of the session': () => JSON.stringify(data),
  'request that does not touch it': () => manager.commit(manager.openFromCookies(header), RESPONSE),
  'request that reads a number': () => request(header, (session) => session.get('views')),
  'request that reads an object': () => request(header, (session) => session.get('key1')),
  'request that changes a number': () =>
    request(header, (session) => session.modify('views', (views: number) => views + 1)),
  'first visit': () => request('', (session) => session.set('views', 1)),
}

console.log(`A session of ${text.length} bytes, Node ${process.versions.node}, µs of CPU:`)
for (const [name, run] of Object.entries(scenarios)) {
  console.log(`  ${name.padEnd(32)} ${(await measure(run)).toFixed(2).padStart(7)}`)
}
