/** What the tests run in processes of its own: `worker.ts <task> <directory> <arguments…>`. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { createSessions } from '@sessions/core'
import { fileEngine } from '../src/index.ts'
import { lockFiles } from '../src/lock-files.ts'
import { fileLocks } from '../src/locks.ts'
import { placeOf } from '../src/places.ts'

const [, , task = '', directory = '', ...args] = process.argv
const engine = fileEngine({ directory })

const record = (data: string): { data: string; expiresAt: number } => ({
  data,
  expiresAt: Date.now() + 3_600_000,
})
const say = (line: string): void => void process.stdout.write(`${line}\n`)
/** The code of the error that an action rejects with. */
const failure = async (action: () => Promise<unknown>): Promise<unknown> => {
  try {
    return await action()
  } catch (error) {
    return Reflect.get(Object(error), 'code')
  }
}
/** Runs this file in a thread, where `--import=tsx` does nothing. */
const inThread = `import('tsx/esm/api').then(({ register }) => {
  register()
  return import(${JSON.stringify(import.meta.url)})
})`

const tasks: Readonly<Record<string, () => Promise<unknown>>> = {
  /** So many requests at once to one session: each has loaded it before one of them sets its own key. */
  async write() {
    const [key = '', prefix = '', count = ''] = args
    const manager = createSessions<Record<string, boolean>>({ engine })
    const sessions = await Promise.all(
      Array.from({ length: Number(count) }, async () => manager.open(key).load()),
    )
    await Promise.all(
      sessions.map(async (session, index) => session.set(prefix + index, true).save()),
    )
  },

  /** So many requests that each have loaded a session, and save when they are told on stdin; answers how that went. */
  async 'write-late'() {
    const [key = '', count = ''] = args
    const manager = createSessions<Record<string, boolean>>({ engine })
    const sessions = await Promise.all(
      Array.from({ length: Number(count) }, async () => manager.open(key).load()),
    )
    say('LOADED')
    await once(process.stdin, 'data')
    process.stdin.destroy()
    const outcomes = await Promise.all(
      sessions.map(async (session, index) => {
        session.set(`late ${index}`, true)
        return failure(async () => session.save())
      }),
    )
    return [...new Set(outcomes)]
  },

  /** So many creates of one id at once; answers the number of those that won. */
  async create() {
    const [id = '', count = ''] = args
    const answers = await Promise.all(
      Array.from({ length: Number(count) }, async () => engine.create(id, record('{}'))),
    )
    return answers.filter(({ status }) => status === 'saved').length
  },

  /** So many saves, to twenty sessions at a time; says which was saved. */
  async save() {
    const [count = ''] = args
    let left = Number(count)
    await Promise.all(
      Array.from({ length: 20 }, async (_, session) => {
        for (let round = 1; left > 0; round += 1, left -= 1) {
          const filler = 'x'.repeat((round % 5) * 1500)
          await engine.save(`session ${session}`, record(JSON.stringify({ round, filler })))
          say(`${session} ${round}`)
        }
      }),
    )
  },

  /** Holds the lock of an id for ever. */
  async hold() {
    const [id = ''] = args
    const locks = fileLocks(
      lockFiles(directory, async () => {}),
      1000,
    )
    await locks.holding(placeOf(directory, id).path, async () => {
      say('HELD')
      await new Promise((resolve) => setTimeout(resolve, 60_000))
    })
  },

  /** Holds it in a thread of its own, which ends when it is told on stdin; answers how a save goes then. */
  async 'hold-in-thread'() {
    const thread = new Worker(inThread, { eval: true, argv: ['hold', directory, ...args] })
    await once(process.stdin, 'data')
    await thread.terminate()
    const [id = ''] = args
    say((await engine.save(id, record('by another thread'))).status)
    await once(process.stdin, 'data')
    process.stdin.destroy()
  },

  /** Saves more than fits, then less; answers how that went. */
  async fill() {
    // Otherwise the signal of a file's size limit ends the process.
    process.on('SIGXFSZ', () => {})
    await engine.create('id', record('before'))
    const tooMuch = await failure(async () => engine.save('id', record('x'.repeat(1_000_000))))
    const kept = await engine.load('id')
    const created = await failure(async () => engine.create('new', record('x'.repeat(1_000_000))))
    const exists = await engine.exists('new')
    const little = await engine.save('id', record('after'), kept?.version)
    return { tooMuch, kept: kept?.data, created, exists, little: little.status }
  },

  /** Makes every call without permission to write; prints how each ended. */
  async denied() {
    // The superuser may write everywhere.
    if (process.getuid?.() === 0) process.seteuid?.(65_534)
    const loaded = await engine.load('id')
    return {
      loaded: loaded?.data,
      save: await failure(async () => engine.save('id', record('changed'))),
      touch: await failure(async () => engine.touch('id', record('before'))),
      delete: await failure(async () => engine.delete('id')),
      create: await failure(async () => engine.create('new', record('{}'))),
      clearExpired: await failure(async () => engine.clearExpired({})),
      after: (await engine.load('id'))?.data,
    }
  },
}

say(JSON.stringify((await tasks[task]?.()) ?? null))
