/** What the tests run in processes of its own: `worker.ts <driver> <url or path> <table> <task> <arguments…>`. */
import { once } from 'node:events'
import { createSessions } from '@sessions/core'
import { openEngine } from './open-engine.ts'

const [, , driver = '', where = '', table = '', task = '', ...args] = process.argv
const { engine, close } = openEngine(driver, where, table)

const tasks: Readonly<Record<string, () => Promise<unknown>>> = {
  migrate: async () => engine.migrate(),

  /** Adds one to a number, so many times; answers how often another process was in between. */
  async increment() {
    const [id = '', times = ''] = args
    let conflicts = 0
    for (let done = 0; done < Number(times);) {
      const loaded = await engine.load(id)
      if (!loaded) throw new Error('The session is gone.')
      const next = { ...loaded, data: String(Number(loaded.data) + 1) }
      const { status } = await engine.save(id, next, loaded.version)
      if (status === 'saved') done += 1
      else if (status === 'conflict') conflicts += 1
      else throw new Error(`save answered ${status}`)
    }
    return conflicts
  },

  /** Creates so many ids; answers which of them this process created. */
  async create() {
    const [count = ''] = args
    const won: number[] = []
    for (let index = 0; index < Number(count); index += 1) {
      const record = { data: '{}', expiresAt: Date.now() + 60_000 }
      const { status } = await engine.create(`id ${index}`, record)
      if (status === 'saved') won.push(index)
    }
    return won
  },

  /** So many requests that each have loaded a session, and set a key of their own when they are told on stdin to go on. */
  async requests() {
    const [key = '', prefix = '', count = ''] = args
    const manager = createSessions<Record<string, number>>({ engine })
    const sessions = await Promise.all(
      Array.from({ length: Number(count) }, async () => manager.open(key).load()),
    )
    process.stderr.write('loaded\n')
    await once(process.stdin, 'data')
    process.stdin.destroy()
    await Promise.all(
      sessions.map(async (session, index) => {
        session.set(`${prefix}${index}`, index)
        await session.save()
      }),
    )
    return sessions.length
  },
}

const result = await tasks[task]?.()
await close()
process.stdout.write(JSON.stringify(result ?? null))
