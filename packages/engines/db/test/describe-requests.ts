import { createSessions } from '@sessions/core'
import { describe, expect, it } from 'vitest'
import type { DatabaseEngine } from '../src/sqlite.ts'
import { record } from './server.ts'
import { startWorker, worker } from './workers.ts'

/** The database on which to test requests. */
export interface Requested {
  /** `pg`, `mysql2`, or a driver of SQLite. */
  readonly driver: string
  /** The URL or path of the database, for other processes. */
  readonly url: () => string
  /** The table that was created last. */
  readonly table: () => string
  /** Creates an engine over a table of its own. */
  readonly migrated: () => Promise<DatabaseEngine>
  /** Runs a statement; resolves to its rows. */
  readonly run: (sql: string) => unknown
}

/** Registers cases of many concurrent requests on one session, in this process and in two. */
export function describeRequests({ driver, url, table, migrated, run }: Requested): void {
  describe('concurrent requests on one session', () => {
    it('keep the keys of all fifty writers that loaded before any saved', async () => {
      const manager = createSessions<Data>({ engine: await migrated() })
      const key = await stored(manager)
      const sessions = await loaded(manager, key, 50)
      await Promise.all(
        sessions.map(async (session, index) => {
          session.set(`key ${index}`, index)
          await session.save()
        }),
      )
      const after = await manager.open(key).load()
      expect([...after.keys()].filter((name) => name.startsWith('key '))).toHaveLength(50)
    })

    it('keep the keys of all fifty writers in two processes', { timeout: 180_000 }, async () => {
      const manager = createSessions<Data>({ engine: await migrated() })
      const key = await stored(manager)
      const processes = ['one', 'two'].map((name) =>
        startWorker(driver, url(), table(), 'requests', key, name, '25'),
      )
      await Promise.all(processes.map(async ({ waiting }) => waiting))
      for (const { proceed } of processes) proceed()
      await Promise.all(processes.map(async ({ answer }) => answer))
      const after = await manager.open(key).load()
      expect([...after.keys()].filter((name) => /^(?:one|two)\d+$/.test(name))).toHaveLength(50)
    })

    it('cannot undo a logout by fifty slow saves', async () => {
      const manager = createSessions<Data>({ engine: await migrated() })
      const key = await stored(manager)
      const sessions = await loaded(manager, key, 50)
      const [leaving] = await loaded(manager, key, 1)
      const save = async (session: (typeof sessions)[number], index: number): Promise<string> => {
        session.set(`key ${index}`, index)
        return session.save().then(
          () => 'saved',
          (error: { code: string }) => error.code,
        )
      }
      const early = sessions.slice(0, 25).map(save)
      leaving?.flush()
      await leaving?.save()
      const late = await Promise.all(sessions.slice(25).map(save))

      expect(new Set(late)).toEqual(new Set(['SESSION_INTERRUPTED']))
      for (const outcome of await Promise.all(early)) {
        expect(['saved', 'SESSION_INTERRUPTED']).toContain(outcome)
      }
      expect((await manager.open(key).load()).isEmpty).toBe(true)
      expect(await run(`SELECT 1 FROM ${table()}`)).toEqual([])
    })

    it(
      'lose no increment in two processes, and create each id once',
      { timeout: 180_000 },
      async () => {
        const engine = await migrated()
        await engine.create('count', record('0'))
        await Promise.all(
          [1, 2].map(async () => worker(driver, url(), table(), 'increment', 'count', '200')),
        )
        expect((await engine.load('count'))?.data).toBe('400')
        const won = await Promise.all(
          [1, 2].map(async () => worker(driver, url(), table(), 'create', '200')),
        )
        expect(won.flat()).toHaveLength(200)
      },
    )
  })
}

/** Any keys. */
type Data = Record<string, string | number>

type Manager = ReturnType<typeof createSessions<Data>>

async function stored(manager: Manager): Promise<string> {
  const session = manager.open()
  session.set('user', 'ada')
  await session.save()
  return session.sessionKey ?? ''
}

async function loaded(manager: Manager, key: string, count: number) {
  return Promise.all(Array.from({ length: count }, async () => manager.open(key).load()))
}
