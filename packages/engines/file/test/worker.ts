/** The tasks that tests run in separate processes: `worker.ts <task> <directory> <arguments…>`. */
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { createSessions } from '@sessions/core'
import { fileEngine } from '../src/index.ts'
import { lockFiles } from '../src/lock-files.ts'
import { fileLocks } from '../src/locks.ts'
import { placeOf } from '../src/places.ts'
import { ownThread, startOf } from '../src/threads.ts'

const [, , task = '', directory = '', ...args] = process.argv
const engine = fileEngine({ directory })

const record = (data: string): { data: string; expiresAt: number } => ({
  data,
  expiresAt: Date.now() + 3_600_000,
})
const say = (line: string): void => void process.stdout.write(`${line}\n`)
/** The result of an action, or the code of the error that it rejects with. */
const failure = async (action: () => Promise<unknown>): Promise<unknown> => {
  try {
    return await action()
  } catch (error) {
    return Reflect.get(Object(error), 'code')
  }
}
/** Runs this file in a thread, where `--import=tsx` has no effect. */
const inThread = `import('tsx/esm/api').then(({ register }) => {
  register()
  return import(${JSON.stringify(import.meta.url)})
})`

const tasks: Readonly<Record<string, () => Promise<unknown>>> = {
  /** Runs concurrent requests on one session: all load it, then each saves a key of its own. */
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

  /** Runs requests that load a session, wait for input on stdin, and save; returns their outcomes. */
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

  /** Makes concurrent creates of one id; returns how many won. */
  async create() {
    const [id = '', count = ''] = args
    const answers = await Promise.all(
      Array.from({ length: Number(count) }, async () => engine.create(id, record('{}'))),
    )
    return answers.filter(({ status }) => status === 'saved').length
  },

  /** Saves twenty sessions concurrently, again and again; prints each acknowledged save. */
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

  /** Opens as many files as it may; returns what it then finds out about when its own thread started. */
  async start() {
    try {
      for (;;) openSync('/dev/null', 'r')
    } catch {
      return startOf(process.pid, ownThread())
    }
  },

  /** Holds the lock of an id until it is killed. */
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

  /** Holds the lock in a thread, ends that thread upon input on stdin, and prints the outcome of a save. */
  async 'hold-in-thread'() {
    const thread = new Worker(inThread, { eval: true, argv: ['hold', directory, ...args] })
    await once(process.stdin, 'data')
    await thread.terminate()
    const [id = ''] = args
    say((await engine.save(id, record('by another thread'))).status)
    await once(process.stdin, 'data')
    process.stdin.destroy()
  },

  /** Saves more than fits, then less; returns the outcomes. */
  async fill() {
    // Otherwise the signal at the limit of a file's size ends the process.
    process.on('SIGXFSZ', () => {})
    await engine.create('id', record('before'))
    const tooMuch = await failure(async () => engine.save('id', record('x'.repeat(1_000_000))))
    const kept = await engine.load('id')
    const created = await failure(async () => engine.create('new', record('x'.repeat(1_000_000))))
    const exists = await engine.exists('new')
    const little = await engine.save('id', record('after'), kept?.version)
    return { tooMuch, kept: kept?.data, created, exists, little: little.status }
  },

  /** Makes every call without permission to write; returns the outcomes. */
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
