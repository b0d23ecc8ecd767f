import {
  createSessions,
  InvalidSettingError,
  type SessionEvent,
  type SessionRecord,
} from '@sessions/core'
import type { Socket } from 'node:net'
import * as redis6 from 'redis'
import * as redis5 from 'redis5'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { redisEngine, type RedisEngine } from '../src/index.ts'
import { singles, type Connected } from './clients.ts'
import { commandCounts, ownServer, type OwnServer } from './own-server.ts'

const HOUR = 3_600_000

const record = (data: string, expiresAt = Date.now() + HOUR): SessionRecord => ({ data, expiresAt })

/** The calls of the contract: a name, the command that the server counts for it, and the call. */
const calls: readonly (readonly [string, string, (engine: RedisEngine) => unknown])[] = [
  ['load', 'get', (engine) => engine.load('live')],
  ['exists', 'exists', (engine) => engine.exists('live')],
  ['create', 'set', (engine) => engine.create('new', record('{}'))],
  ['create under an id that is taken', 'set', (engine) => engine.create('live', record('{}'))],
  ['save', 'set', (engine) => engine.save('live', record('{}'))],
  ['save with a version', 'evalsha', (engine) => engine.save('live', record('{}'), 'stale')],
  ['touch', 'evalsha', (engine) => engine.touch('live', record('{}'))],
  ['touch with a version', 'evalsha', (engine) => engine.touch('live', record('{}'), 'stale')],
  ['delete with a version', 'evalsha', (engine) => engine.delete('live', 'stale')],
  ['delete', 'del', (engine) => engine.delete('live')],
]

describe.each(Object.entries(singles))('redisEngine through %s', (_, connect) => {
  let server: OwnServer
  let connected: Connected
  let engine: RedisEngine
  beforeAll(async () => {
    server = await ownServer()
    connected = await connect(server.url)
    engine = redisEngine(connected.client)
  })
  afterAll(async () => {
    await connected.close()
    await server.close()
  })
  beforeEach(async () => server.admin.flushall())
  afterEach(() => void vi.restoreAllMocks())

  describe('makes one round trip', () => {
    it.each(calls)('for %s', async (_call, command, call) => {
      const { version } = versionOf(await engine.create('live', record('{}')))
      // From here on, the server knows the scripts.
      await engine.save('live', record('{}'), version)
      await engine.touch('live', record('{}'), 'stale')
      await engine.delete('live', 'stale')
      await server.admin.config('RESETSTAT')

      await call(engine)

      const counts = new Map(await commandCounts(server))
      for (const ours of ['info', 'config|resetstat']) counts.delete(ours)
      // The server also counts the commands inside a script, which are no round trips.
      if (command === 'evalsha') {
        for (const inside of ['getrange', 'setrange', 'pexpireat']) counts.delete(inside)
      }
      expect(Object.fromEntries(counts)).toEqual({ [command]: 1 })
    })
  })

  it('creates no AbortSignal for a call', async () => {
    const timeout = vi.spyOn(AbortSignal, 'timeout')
    await engine.create('id', record('{}'))
    await engine.load('id')
    await engine.touch('id', record('{}'))
    await engine.delete('id')
    expect(timeout).not.toHaveBeenCalled()
  })

  it.each(['b'.repeat(64), 'ü', ''])(
    'refuses the record of another session for the id %j',
    async (id) => {
      await engine.create(id, record('own'))
      expect(await engine.load(id)).toMatchObject({ data: 'own' })

      await engine.create('a'.repeat(64), record('another'))
      await server.admin.rename(`session:${'a'.repeat(64)}`, `session:${id}`)

      await expect(engine.load(id)).rejects.toThrow(
        'The redis engine failed in load(): the client returned the record of another session.',
      )
    },
  )

  it.each(['', '0', 'stale'])(
    'inserts no session by a save with the version "%s"',
    async (version) => {
      expect(await engine.save('absent', record('{}'), version)).toEqual({ status: 'missing' })
      expect(await engine.exists('absent')).toBe(false)
    },
  )

  it('sends its scripts again after SCRIPT FLUSH', async () => {
    const created = await engine.create('id', record('first'))
    await server.admin.script('FLUSH')
    const saved = await engine.save('id', record('second'), versionOf(created).version)
    await server.admin.script('FLUSH')
    const touched = await engine.touch('id', record('second'), versionOf(saved).version)
    expect(touched).toEqual(saved)
    await server.admin.script('FLUSH')
    expect(await engine.delete('id', versionOf(touched).version)).toBe('deleted')
  })

  it('stores one key per session, which Redis drops at the millisecond of its deadline', async () => {
    const expiresAt = Date.now() + HOUR
    const expiry = async (): Promise<unknown> => server.admin.pexpiretime('session:id')
    await engine.create('id', record('{}', expiresAt))
    expect(await server.admin.keys('*')).toEqual(['session:id'])
    // Redis drops a key once its clock is past that.
    expect(await expiry()).toBe(expiresAt - 1)
    await engine.touch('id', record('{}', expiresAt + 1))
    expect(await expiry()).toBe(expiresAt)
    expect((await engine.load('id'))?.expiresAt).toBe(expiresAt + 1)
    await engine.save('id', record('{}', expiresAt + 0.5))
    expect(await expiry()).toBe(expiresAt)
    const { version } = versionOf(await engine.save('id', record('{}', expiresAt + 3)))
    await engine.save('id', record('{}', expiresAt + 5), version)
    expect(await expiry()).toBe(expiresAt + 4)
  })

  it.each([Date.now() - 1, 1, 0, -1, -8.64e15])(
    'deletes a session that is stored with the past deadline %d',
    async (past) => {
      expect((await engine.create('created', record('{}', past))).status).toBe('saved')
      for (const id of ['saved', 'known', 'touched', 'known and touched']) {
        const { version } = versionOf(await engine.create(id, record('{}')))
        const known = id.startsWith('known') ? version : undefined
        const call = id.endsWith('touched') ? engine.touch : engine.save
        expect((await call(id, record('{}', past), known)).status).toBe('saved')
      }
      for (const id of ['created', 'saved', 'known', 'touched', 'known and touched']) {
        expect(await engine.load(id), id).toBeUndefined()
      }
      expect(await server.admin.exists('session:created', 'session:saved')).toBe(0)
    },
  )

  it('keeps sessions under different prefixes apart', async () => {
    const one = redisEngine(connected.client, { keyPrefix: 'one:' })
    const other = redisEngine(connected.client, { keyPrefix: '' })
    await one.create('id', record('one'))
    await other.create('id', record('other'))
    expect((await one.load('id'))?.data).toBe('one')
    expect((await server.admin.keys('*')).toSorted()).toEqual(['id', 'one:id'])
  })

  describe('with a value that another program has written', () => {
    it.each([
      ['{"user":"eve"}'],
      ['x'],
      ['x'.repeat(100)],
      ['foreign'],
      [`${'a'.repeat(24)}:${'1'.repeat(15)}x:{}`],
      [`${'A'.repeat(24)}:${'1'.repeat(16)}:{}`],
      [`${'é'.repeat(24)}:${'1'.repeat(16)}:{}`],
      [`${'é'.repeat(12)}:${'1'.repeat(16)}:{}`],
    ])('reports %s as suspicious, and overwrites it when the session is saved', async (value) => {
      const events: SessionEvent[] = []
      const sessions = createSessions<{ user?: string }>({
        engine,
        onEvent: (event) => void events.push(event),
      })
      const fresh = sessions.open()
      fresh.set('user', 'ada')
      await fresh.save()
      const key = fresh.sessionKey ?? ''
      const [name = ''] = await server.admin.keys('*')
      await server.admin.set(name, value)

      const session = await sessions.open(key).load()
      expect(session.size).toBe(0)
      expect(events.at(-1)?.type).toBe('suspicious')
      session.set('user', 'bob')
      await session.save()

      expect((await sessions.open(key).load()).get('user')).toBe('bob')
    })

    it('touches and deletes it', async () => {
      await server.admin.set('session:id', 'a value that is longer than the head of a session')
      const before = await server.admin.get('session:id')
      expect((await engine.touch('id', record('{}'))).status).toBe('saved')
      expect(await server.admin.get('session:id')).toBe(before)
      expect(await server.admin.pttl('session:id')).toBeGreaterThan(0)
      expect(await engine.create('id', record('{}'))).toEqual({ status: 'taken' })
      const loaded = await engine.load('id')
      expect(await engine.delete('id', 'stale')).toBe('conflict')
      expect(await engine.delete('id', loaded?.version)).toBe('deleted')
    })

    it('fails if it is not a string', async () => {
      await server.admin.rpush('session:id', 'one')
      await expect(engine.load('id')).rejects.toThrow('WRONGTYPE')
      await expect(engine.save('id', record('{}'), 'version')).rejects.toThrow('WRONGTYPE')
    })
  })

  it('lets one of a thousand concurrent creates win', async () => {
    const created = await Promise.all(
      Array.from({ length: 1000 }, async (_one, index) => engine.create('id', record(`${index}`))),
    )
    const winners = created.flatMap(({ status }, index) => (status === 'saved' ? [index] : []))
    expect(winners).toHaveLength(1)
    expect((await engine.load('id'))?.data).toBe(String(winners[0]))
  })
})

describe.each(['ioredis 6', 'ioredis 5'])('redisEngine through %s', (name) => {
  let server: OwnServer
  let connected: Connected
  let engine: RedisEngine
  const stream = (): Socket => (connected.client as unknown as { stream: Socket }).stream
  beforeAll(async () => {
    server = await ownServer()
    connected = await (singles[name] ?? missing)(server.url)
    engine = redisEngine(connected.client)
    await engine.create('id', record('{}'))
  })
  afterAll(async () => {
    await connected.close()
    await server.close()
  })

  const callAll = async () =>
    Promise.all([engine.load('id'), engine.exists('id'), engine.save('id', record('{}'))])

  it('writes all commands of a turn of the event loop at once', async () => {
    const one = vi.spyOn(stream(), '_write')
    const many = vi.spyOn(stream(), '_writev')

    const calls = callAll()
    await new Promise((resolve) => process.nextTick(resolve))
    await Promise.all([calls, callAll()])

    expect(one).not.toHaveBeenCalled()
    expect(many).toHaveBeenCalledOnce()
    expect(stream().writableCorked).toBe(0)
  })

  it('still sends commands while a test fakes the timers', async () => {
    vi.useFakeTimers({ toFake: ['setImmediate', 'setTimeout'] })
    try {
      expect(await engine.exists('id')).toBe(true)
    } finally {
      vi.useRealTimers()
    }
  })

  it('writes commands to the next connection if theirs is lost before the turn ends', async () => {
    const lost = stream()
    const calls = callAll()
    expect(lost.writableCorked).toBe(1)
    lost.destroy()

    const [loaded, exists, saved] = await calls

    expect([loaded?.data, exists, saved.status]).toEqual(['{}', true, 'saved'])
    expect(stream()).not.toBe(lost)
    expect(stream().writableCorked).toBe(0)
  })
})

describe('redisEngine', () => {
  it.each([redis5 as unknown as typeof redis6, redis6])(
    'works if the application configures node-redis to return Buffers',
    async (redis) => {
      const server = await ownServer()
      const typeMapping = { [redis.RESP_TYPES.BLOB_STRING]: Buffer }
      const client = redis.createClient({ url: server.url, commandOptions: { typeMapping } })
      await client.connect()
      const engine = redisEngine(client)
      const created = await engine.create('id', record('text'))
      expect(await engine.load('id')).toMatchObject({ data: 'text' })
      const saved = await engine.save('id', record('next'), versionOf(created).version)
      expect(saved).toEqual({ status: 'saved', version: expect.any(String) as string })
      client.destroy()
      await server.close()
    },
  )

  it.each([undefined, null, {}, { get() {} }, 'redis://localhost'])(
    'refuses %j as a client',
    (client) => {
      expect(() => redisEngine(client as never)).toThrow(/^client must be a client of node-redis/)
    },
  )

  it.each<[options: unknown, message: RegExp]>([
    [null, /^options of redisEngine must be an object; valid names are keyPrefix, timeout/],
    ['session:', /^options of redisEngine must be an object/],
    [
      { prefix: 'x:' },
      /^prefix is not an option of redisEngine: valid names are keyPrefix, timeout/,
    ],
    [{ ttl: 60 }, /^ttl is not an option of redisEngine/],
    [{ keyPrefix: null }, /^keyPrefix must be a string/],
    [{ timeout: null }, /^timeout must be a positive number/],
  ])('refuses the options %o', (options, message) => {
    const client = { evalsha: async () => '' } as never
    expect(() => redisEngine(client, options as object)).toThrow(InvalidSettingError)
    expect(() => redisEngine(client, options as object)).toThrow(message)
  })

  it.each([0, -1, Number.NaN, '5000' as never])('refuses the timeout %o', (timeout) => {
    const client = { evalsha: async () => '' } as never
    expect(() => redisEngine(client, { timeout })).toThrow(/^timeout must be a positive number/)
  })

  it('refuses a keyPrefix that is not a string', () => {
    const client = { evalsha: async () => '' } as never
    expect(() => redisEngine(client, { keyPrefix: 1 as never })).toThrow(/^keyPrefix must be/)
  })
})

async function missing(): Promise<never> {
  throw new Error('There is no such client.')
}

function versionOf(answer: { status: string; version?: string }): { version: string } {
  return { version: answer.version ?? 'none' }
}
