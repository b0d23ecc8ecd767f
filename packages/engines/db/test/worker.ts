/** The tasks that tests run in separate processes: `worker.ts <driver> <url or path> <table> <task> <arguments…>`. */
import { once } from 'node:events'
import { createSessions } from '@sessions/core'
import { openEngine } from './open-engine.ts'

const [, , driver = '', where = '', table = '', task = '', ...args] = process.argv
const { engine, database, close } = openEngine(driver, where, table)

const record = (data: string): { data: string; expiresAt: number } => ({
  data,
  expiresAt: Date.now() + 60_000,
})
/** The message of the error that a call fails with. */
const failureOf = async (call: () => unknown): Promise<unknown> => {
  try {
    return await call()
  } catch (error) {
    return error instanceof Error ? error.message : error
  }
}

const tasks: Readonly<Record<string, () => Promise<unknown>>> = {
  migrate: async () => engine.migrate(),

  /** Increments a number repeatedly; returns how often another process saved in between. */
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

  /** Creates ids; returns those that this process has created. */
  async create() {
    const [count = ''] = args
    const won: number[] = []
    for (let index = 0; index < Number(count); index += 1) {
      const { status } = await engine.create(`id ${index}`, record('{}'))
      if (status === 'saved') won.push(index)
    }
    return won
  },

  /** Runs requests that load a session, wait for input on stdin, and save a key of their own. */
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

  /** Writes to a file of SQLite until there is input on stdin. */
  async write() {
    database?.exec('BEGIN IMMEDIATE')
    process.stderr.write('loaded\n')
    await once(process.stdin, 'data')
    process.stdin.destroy()
    database?.exec('ROLLBACK')
  },

  /** Saves more than the disk holds, then less; returns the outcomes. */
  async fill() {
    // Otherwise the signal at the limit of a file's size ends the process.
    process.on('SIGXFSZ', () => {})
    await engine.migrate()
    await engine.create('id', record('before'))
    const tooMuch = await failureOf(async () => engine.save('id', record('x'.repeat(2_000_000))))
    const kept = await engine.load('id')
    const created = await failureOf(async () => engine.create('new', record('x'.repeat(2_000_000))))
    const exists = await engine.exists('new')
    const little = await engine.save('id', record('after'), kept?.version)
    return { tooMuch, kept: kept?.data, created, exists, little: little.status }
  },

  /** Makes every call without permission to write; returns the outcomes. */
  async denied() {
    // The superuser may write everywhere.
    if (process.getuid?.() === 0) process.seteuid?.(65_534)
    return {
      save: await failureOf(async () => engine.save('id', record('changed'))),
      touch: await failureOf(async () => engine.touch('id', record('before'))),
      delete: await failureOf(async () => engine.delete('id')),
      create: await failureOf(async () => engine.create('new', record('{}'))),
      clearExpired: await failureOf(async () => engine.clearExpired({})),
    }
  },
}

const result = await tasks[task]?.()
await close()
process.stdout.write(JSON.stringify(result ?? null))
