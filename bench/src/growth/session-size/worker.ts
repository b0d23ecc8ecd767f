/* Performs requests over memory with sessions of several sizes. */
import { createSessions, type Sessions } from '@sessions/core'
import { memoryEngine } from '@sessions/memory'
import { answerQuestions } from '../../worker/answer.ts'

/** A question to the worker. */
export interface Question {
  /** Bytes of JSON. */
  readonly sizes: readonly number[]
  readonly rounds: number
  readonly milliseconds: number
}

/** Microseconds of CPU time per request, one figure for each round. */
export interface SizeCosts {
  readonly size: number
  readonly read: number[]
  readonly change: number[]
  /** `JSON.parse` and `JSON.stringify` of the same session. */
  readonly json: number[]
}

const response = { status: 200, https: true, host: 'example.com' }

answerQuestions(async ({ sizes, rounds, milliseconds }: Question): Promise<SizeCosts[]> => {
  const manager = createSessions({ engine: memoryEngine() })
  const runs = []
  for (const size of sizes) {
    const costs: SizeCosts = { size, read: [], change: [], json: [] }
    runs.push({ costs, ...(await actionsOn(manager, size)) })
  }
  // The first round is a warm-up.
  for (let round = 0; round <= rounds; round += 1) {
    for (const { costs, ...actions } of runs) {
      for (const name of ['read', 'change', 'json'] as const) {
        const cost = await cpuTime(actions[name], milliseconds)
        if (round > 0) costs[name].push(cost)
      }
    }
  }
  return runs.map(({ costs }) => costs)
})

async function actionsOn(manager: Sessions, size: number) {
  const kept = manager.open()
  kept.update(dataOf(size))
  await kept.save()
  const cookies = `sessionid=${kept.sessionKey}`
  const text = JSON.stringify(kept.toObject())
  return {
    async read() {
      const session = await manager.openFromCookies(cookies).load()
      session.get('views')
      await manager.commit(session, response)
    },
    async change() {
      const session = await manager.openFromCookies(cookies).load()
      session.modify('views', (views: number) => (views % 1000) + 1000)
      await manager.commit(session, response)
    },
    json: () => JSON.stringify(JSON.parse(text)),
  }
}

/** Session data of at least `size` bytes of JSON, made of similar entries. */
function dataOf(size: number): Record<string, unknown> {
  const items: object[] = []
  const data = { views: 1000, items }
  while (JSON.stringify(data).length < size) {
    items.push({ sku: `A-${1000 + items.length}`, quantity: 2, price: 19.9 })
  }
  return data
}

async function cpuTime(run: () => unknown, milliseconds: number): Promise<number> {
  const until = performance.now() + milliseconds
  const before = process.cpuUsage()
  let count = 0
  while (performance.now() < until) {
    await run()
    count += 1
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / count
}
