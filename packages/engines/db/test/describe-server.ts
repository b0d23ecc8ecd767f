import { createSessions, type SessionEngine, type SessionRecord } from '@sessions/core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { DatabaseEngine, TableOptions } from '../src/sqlite.ts'
import { freshTable } from './services.ts'
import { startWorker, worker } from './workers.ts'

/** A database server, and how to look at it from beside the engine. */
export interface Server {
  /** An engine by a pool of ten connections or more. */
  readonly engine: (options: TableOptions) => DatabaseEngine
  /** An engine by one connection, and the number of statements that the server counted on that table or connection. */
  readonly counted: (options: TableOptions) => Promise<CountedEngine>
  /** Runs a statement; resolves its rows. */
  readonly run: (sql: string) => Promise<readonly Record<string, unknown>[]>
  /** Runs statements in a transaction that is left open. */
  readonly hold: (...statements: readonly string[]) => Promise<{ commit: () => Promise<void> }>
  /** How many statements wait for a lock that another transaction holds. */
  readonly waiting: (table: string) => Promise<number>
  readonly close: () => Promise<void>
}

/** An engine whose statements the server counts. */
export interface CountedEngine {
  readonly engine: SessionEngine
  readonly statements: () => Promise<number>
  readonly close: () => Promise<void>
}

const HOUR = 3_600_000

/** A record that lives for an hour. */
export const record = (data: string): SessionRecord => ({ data, expiresAt: Date.now() + HOUR })

/** Registers what every database server has to stand, beside the contract. */
export function describeServer(
  driver: string,
  { url, open }: { readonly url: () => string; readonly open: () => Server },
): void {
  let server: Server
  let table = ''
  const tables: string[] = []
  beforeAll(() => void (server = open()))
  afterEach(async () => {
    for (const one of tables.splice(0)) await server.run(`DROP TABLE IF EXISTS ${one}`)
  })
  afterAll(async () => server.close())

  const migrated = async (options: TableOptions = {}): Promise<DatabaseEngine> => {
    const engine = unmigrated(options)
    await engine.migrate()
    return engine
  }
  const unmigrated = (options: TableOptions = {}): DatabaseEngine => {
    table = freshTable()
    tables.push(table)
    return server.engine({ table, ...options })
  }

  describe('migrate', () => {
    it('may run in eight processes at once', { timeout: 180_000 }, async () => {
      const engine = unmigrated()
      await Promise.all(
        Array.from({ length: 8 }, async () => worker(driver, url(), table, 'migrate')),
      )
      expect((await engine.create('id', record('{}'))).status).toBe('saved')
    })

    it('may run many times at once on one pool, with columns to add', async () => {
      await migrated()
      const columns = { userId: { type: 'text', index: true } } as const
      const engine = server.engine({ table, columns })
      await Promise.all(Array.from({ length: 8 }, async () => engine.migrate()))
      expect((await engine.create('id', record('{}'))).status).toBe('saved')
    })

    it('keeps what is stored, and adds the columns that came later', async () => {
      const narrow = await migrated()
      await narrow.create('old', record('kept'))
      await narrow.migrate()
      const columns = { userId: { name: 'account_id', type: 'integer', index: true } } as const
      const engine = server.engine({ table, columns })
      await engine.migrate()
      await engine.create('new', { ...record('{}'), attributes: { userId: 7 } })

      expect((await engine.load('old'))?.data).toBe('kept')
      const rows = await server.run(`SELECT account_id FROM ${table} ORDER BY account_id`)
      expect(
        rows
          .map((row) => row['account_id'] ?? null)
          .map(String)
          .toSorted(),
      ).toEqual(['7', 'null'])
    })

    it('refuses a table of another kind, and leaves it as it is', async () => {
      const engine = unmigrated({ columns: { userId: { type: 'text' } } })
      await server.run(`CREATE TABLE ${table} (sid INTEGER, sess INTEGER)`)
      await expect(engine.migrate()).rejects.toThrow(
        /^table is \w+, and the database has a table of that name with other columns/,
      )
      await server.run(`INSERT INTO ${table} VALUES (1, 2)`)
      const [row] = await server.run(`SELECT * FROM ${table}`)
      expect(Object.keys(row ?? {})).toEqual(['sid', 'sess'])
    })

    it('takes the longest names that there are', async () => {
      const long = `${freshTable()}${'_'.repeat(63)}`.slice(0, 63)
      tables.push(long)
      const columns = {
        one: { name: `one${'x'.repeat(60)}`, type: 'text', index: true },
        two: { name: `two${'x'.repeat(60)}`, type: 'integer', index: true },
      } as const
      const engine = server.engine({ table: long, columns })
      await engine.migrate()
      await engine.migrate()
      expect((await engine.create('id', record('{}'))).status).toBe('saved')
    })

    it('does what the statements of migrationSql do', async () => {
      const columns = { userId: { type: 'text', index: true }, admin: { type: 'boolean' } } as const
      const engine = unmigrated({ columns })
      for (const statement of engine.migrationSql()) await server.run(statement)
      const admin = { ...record('{}'), attributes: { userId: 'ada', admin: true } }
      expect((await engine.create('id', admin)).status).toBe('saved')
      await engine.migrate()
      expect(await engine.exists('id')).toBe(true)
    })
  })

  it('says to run migrate() where the table or a column is missing, with the cause', async () => {
    const engine = unmigrated()
    const calls = [
      () => engine.load('id'),
      () => engine.create('id', record('{}')),
      () => engine.save('id', record('{}'), 'known'),
      () => engine.delete('id'),
      () => engine.clearExpired({}),
    ]
    for (const call of calls) {
      const failure: unknown = await (async () => call())().catch((error: unknown) => error)
      expect(failure).toMatchObject({
        message: expect.stringMatching(/^The table \w+ is missing.* call the engine's migrate\(\)/),
        cause: expect.objectContaining({ message: expect.any(String) }),
      })
    }
    await engine.migrate()
    const wider = server.engine({ table, columns: { userId: { type: 'text' } } })
    await expect(wider.create('id', record('{}'))).rejects.toThrow(/or lacks a column/)
  })

  it('runs one statement for each call, as the server counts them', async () => {
    await migrated()
    const { engine, statements, close } = await server.counted({ table })
    const calls = [
      () => engine.create('id', record('1')),
      () => engine.create('id', record('1')),
      () => engine.load('id'),
      () => engine.exists('id'),
      () => engine.save('id', record('2')),
      () => engine.save('id', record('2'), 'stale'),
      () => engine.save('other', record('2'), 'stale'),
      () => engine.touch('id', record('2')),
      () => engine.touch('id', record('2'), 'stale'),
      () => engine.delete('id', 'stale'),
      () => engine.delete('other', 'stale'),
      () => engine.delete('id'),
      () => engine.delete('id'),
      () => engine.load('id'),
    ]
    const counts: number[] = []
    for (const call of calls) {
      const before = await statements()
      await call()
      counts.push((await statements()) - before)
    }
    await close()
    expect(counts).toEqual(calls.map(() => 1))
  })

  it('finds nothing by a number that is none', async () => {
    const engine = await migrated({ columns: { level: { type: 'integer' } } })
    await engine.create('zero', { ...record('{}'), attributes: { level: 0 } })
    await engine.create('big', { ...record('{}'), attributes: { level: '9007199254740993' } })
    const found = async (value: string | number): Promise<readonly string[]> => {
      const ids: string[] = []
      for await (const { id } of engine.find('level', value)) ids.push(id)
      return ids
    }
    expect(await found('0')).toEqual(['zero'])
    expect(await found('9007199254740993')).toEqual(['big'])
    for (const none of ['abc', '', 0.5, NaN, '9007199254740992', '1e30', 1e30]) {
      expect(await found(none), String(none)).toEqual([])
    }
  })

  it('refuses a timeout that is none', () => {
    for (const timeout of [0, -1, NaN]) {
      expect(() => server.engine({ timeout } as TableOptions)).toThrow(
        /^timeout must be a positive/,
      )
    }
  })

  it('lets one of a thousand creates of one id win', async () => {
    const engine = await migrated()
    const answers = await Promise.all(
      Array.from({ length: 1000 }, async (_, index) => engine.create('id', record(`${index}`))),
    )
    const winners = answers.flatMap(({ status }, index) => (status === 'saved' ? [`${index}`] : []))
    expect(winners).toHaveLength(1)
    expect((await engine.load('id'))?.data).toBe(winners[0])
  })

  it('lets one of a thousand creates take the place of an expired record', async () => {
    const engine = await migrated()
    await engine.create('id', { data: 'expired', expiresAt: Date.now() - 1 })
    const answers = await Promise.all(
      Array.from({ length: 1000 }, async (_, index) => engine.create('id', record(`${index}`))),
    )
    expect(answers.filter(({ status }) => status === 'saved')).toHaveLength(1)
  })

  it('goes by its own clock, because those of the processes may differ', async () => {
    const engine = await migrated()
    const soon = Date.now() + 60_000
    await engine.create('id', { data: '{}', expiresAt: soon })
    await engine.create('gone', { data: '{}', expiresAt: Date.now() - 60_000 })
    expect(await engine.load('id')).toMatchObject({ expiresAt: soon })
    expect(await engine.load('gone')).toBeUndefined()
    expect(await engine.clearExpired({})).toBe(1)
  })

  describe('a call that waits for another transaction', () => {
    const cases: readonly {
      readonly meanwhile: string
      readonly change: (id: string) => string
      readonly call: (engine: DatabaseEngine, version: string) => unknown
      readonly answer: unknown
    }[] = [
      {
        meanwhile: 'saved, answers conflict to a save',
        change: (at) => `UPDATE ${at} SET data = 'theirs', version = 'theirs'`,
        call: (engine, version) => engine.save('id', record('ours'), version),
        answer: { status: 'conflict' },
      },
      {
        meanwhile: 'saved, answers conflict to a delete',
        change: (at) => `UPDATE ${at} SET data = 'theirs', version = 'theirs'`,
        call: (engine, version) => engine.delete('id', version),
        answer: 'conflict',
      },
      {
        meanwhile: 'deleted, answers missing to a save',
        change: (at) => `DELETE FROM ${at}`,
        call: (engine, version) => engine.save('id', record('ours'), version),
        answer: { status: 'missing' },
      },
      {
        meanwhile: 'deleted, answers missing to a delete',
        change: (at) => `DELETE FROM ${at}`,
        call: (engine, version) => engine.delete('id', version),
        answer: 'missing',
      },
      {
        meanwhile: 'ended its life, answers missing to a touch',
        change: (at) => `UPDATE ${at} SET expires_at = 0`,
        call: (engine, version) => engine.touch('id', record('ours'), version),
        answer: { status: 'missing' },
      },
      {
        meanwhile: 'moved its deadline, deletes what it was to delete',
        change: (at) => `UPDATE ${at} SET expires_at = expires_at + 1000`,
        call: (engine, version) => engine.delete('id', version),
        answer: 'deleted',
      },
      {
        meanwhile: 'moved its deadline, saves what it was to save',
        change: (at) => `UPDATE ${at} SET expires_at = expires_at + 1000`,
        call: (engine, version) => engine.save('id', record('ours'), version),
        answer: { status: 'saved', version: expect.any(String) },
      },
    ]
    for (const { meanwhile, change, call, answer } of cases) {
      it(`which ${meanwhile}`, async () => {
        const engine = await migrated()
        const created = await engine.create('id', record('first'))
        const version = created.status === 'saved' ? created.version : ''
        const other = await server.hold(`${change(table)} WHERE id = 'id'`)
        const pending = call(engine, version)
        while ((await server.waiting(table)) === 0);
        await other.commit()

        expect(await pending).toEqual(answer)
        const loaded = await engine.load('id')
        const saved = typeof answer === 'object' && 'version' in (answer as object)
        const theirs = answer === 'conflict' || JSON.stringify(answer).includes('conflict')
        expect(loaded?.data).toBe(saved ? 'ours' : theirs ? 'theirs' : undefined)
      })
    }
  })

  describe('requests on one session', () => {
    it('keep what each of fifty sets, all having read before any wrote', async () => {
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

    it('keep what fifty set in two processes', { timeout: 180_000 }, async () => {
      const manager = createSessions<Data>({ engine: await migrated() })
      const key = await stored(manager)
      const processes = ['one', 'two'].map((name) =>
        startWorker(driver, url(), table, 'requests', key, name, '25'),
      )
      await Promise.all(processes.map(async ({ waiting }) => waiting))
      for (const { proceed } of processes) proceed()
      await Promise.all(processes.map(async ({ answer }) => answer))
      const after = await manager.open(key).load()
      expect([...after.keys()].filter((name) => /^(?:one|two)\d+$/.test(name))).toHaveLength(50)
    })

    it('leave a logout a logout, whatever fifty slow writers save', async () => {
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
      expect(await server.run(`SELECT 1 FROM ${table}`)).toEqual([])
    })

    it(
      'lose no increment in two processes, and create each id once',
      { timeout: 180_000 },
      async () => {
        const engine = await migrated()
        await engine.create('count', record('0'))
        await Promise.all(
          [1, 2].map(async () => worker(driver, url(), table, 'increment', 'count', '200')),
        )
        expect((await engine.load('count'))?.data).toBe('400')
        const won = await Promise.all(
          [1, 2].map(async () => worker(driver, url(), table, 'create', '200')),
        )
        expect(won.flat()).toHaveLength(200)
      },
    )
  })

  it('purges beside an open transaction that holds a live record, and clears what has expired', async () => {
    const engine = await migrated()
    await engine.create('live', record('live'))
    for (let index = 0; index < 30; index += 1) {
      await engine.create(`id ${index}`, { data: '{}', expiresAt: Date.now() - 1 })
    }
    const other = await server.hold(`UPDATE ${table} SET data = 'held' WHERE id = 'live'`)
    const progress: number[] = []
    const count = await engine.clearExpired({
      batchSize: 10,
      onProgress: (deleted) => progress.push(deleted),
    })
    await other.commit()
    expect(count).toBe(30)
    expect(progress).toEqual([10, 20, 30, 30])
    expect((await engine.load('live'))?.data).toBe('held')
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
