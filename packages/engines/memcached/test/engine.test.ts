import type { SessionRecord } from '@sessions/core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  memcachedClient,
  memcachedEngine,
  type ConnectedClient,
  type MemcachedEngine,
} from '../src/index.ts'
import { ownServer, type OwnServer } from './own-server.ts'
import { statsOf, tell } from './stats.ts'

const HOUR = 3_600_000

const record = (data: string, expiresAt = Date.now() + HOUR): SessionRecord => ({ data, expiresAt })

/** The server's statistics that count commands. */
const counters = ['cmd_get', 'cmd_set', 'cmd_touch', 'delete_hits', 'delete_misses']

/** The calls of the contract: a name, the statistic that counts it, and the call. */
const calls: readonly (readonly [
  string,
  string,
  (engine: MemcachedEngine, live: string) => unknown,
])[] = [
  ['load', 'cmd_get', (engine) => engine.load('live')],
  ['load of an absent session', 'cmd_get', (engine) => engine.load('none')],
  ['exists', 'cmd_get', (engine) => engine.exists('live')],
  ['create', 'cmd_set', (engine) => engine.create('new', record('{}'))],
  ['save with a version', 'cmd_set', (engine, live) => engine.save('live', record('{}'), live)],
  ['touch with a version', 'cmd_set', (engine, live) => engine.touch('live', record('{}'), live)],
  ['delete with a version', 'delete_hits', (engine, live) => engine.delete('live', live)],
]

describe('memcachedEngine', () => {
  let server: OwnServer
  let client: ConnectedClient
  let engine: MemcachedEngine
  beforeAll(async () => {
    server = await ownServer()
    client = memcachedClient(server.name)
    engine = memcachedEngine(client)
  })
  afterAll(async () => {
    client.close()
    await server.kill()
  })
  beforeEach(async () => tell(server.name, 'flush_all'))
  afterEach(() => void vi.useRealTimers())

  /** The commands that the server counts during an action. */
  const counted = async (action: () => unknown): Promise<Record<string, number>> => {
    const before = await statsOf(server.name)
    await action()
    const after = await statsOf(server.name)
    const counts = counters.map(
      (name) => [name, Number(after.get(name)) - Number(before.get(name))] as const,
    )
    return Object.fromEntries(counts.filter(([, count]) => count > 0))
  }

  describe('makes one round trip', () => {
    it.each(calls)('for %s', async (_, counter, call) => {
      const live = versionOf(await engine.create('live', record('{}')))
      expect(await counted(() => call(engine, live))).toEqual({ [counter]: 1 })
    })

    it('and another for a create whose id is taken, to see whether that session has expired', async () => {
      await engine.create('live', record('{}'))
      const counts = await counted(() => engine.create('live', record('{}')))
      expect(counts).toEqual({ cmd_set: 1, cmd_get: 1 })
    })

    it.each(['save', 'touch', 'delete'] as const)(
      'and another for a %s with an old version, to see whether the session has expired',
      async (call) => {
        const old = versionOf(await engine.create('id', record('{}')))
        await engine.save('id', record('{}'), old)
        const counts = await counted(() => answerOf(engine, call, old))
        expect(counts).toEqual({ [call === 'delete' ? 'delete_misses' : 'cmd_set']: 1, cmd_get: 1 })
      },
    )

    it('and another for a save or delete without a version, for the same reason', async () => {
      await engine.create('live', record('{}'))
      const saved = await counted(() => engine.save('live', record('{}')))
      expect(saved).toEqual({ cmd_get: 1, cmd_set: 1 })
      const deleted = await counted(() => engine.delete('live'))
      expect(deleted).toEqual({ cmd_get: 1, delete_hits: 1 })
    })

    it('and another for a touch without a version, to read the data that stays', async () => {
      await engine.create('live', record('{}'))
      const counts = await counted(() => engine.touch('live', record('{}')))
      expect(counts).toEqual({ cmd_get: 1, cmd_set: 1 })
    })
  })

  describe('when the item changes between the read and the write of a touch without a version,', () => {
    it('keeps the data that was saved', async () => {
      await engine.create('id', record('old'))
      const touching = interrupted(client, () => engine.save('id', record('new')))
      const expiresAt = Date.now() + 2 * HOUR
      const touched = await touching.touch('id', record('old', expiresAt))
      const left = { data: 'new', expiresAt, version: versionOf(touched) }
      expect(await engine.load('id')).toEqual(left)
    })

    it('leaves a deleted session deleted', async () => {
      await engine.create('id', record('{}'))
      const touching = interrupted(client, () => engine.delete('id'))
      expect(await touching.touch('id', record('{}'))).toEqual({ status: 'missing' })
      expect(await engine.exists('id')).toBe(false)
    })
  })

  it('stores one item per session: its deadline and its data', async () => {
    const expiresAt = Date.now() + HOUR
    await engine.create('id', record('{"views":1}', expiresAt + 0.5))
    expect((await client.metaGet('session:id', 1000))?.value).toBe(`${expiresAt + 1}:{"views":1}`)
    expect(await engine.load('id')).toMatchObject({ data: '{"views":1}', expiresAt: expiresAt + 1 })
  })

  it.each([
    ['a second', 1000, 2],
    ['an hour', HOUR, 3601],
    ['less than 30 days', 30 * 24 * HOUR - 2000, 30 * 86_400 - 1],
    ['more than 30 days', 31 * 24 * HOUR, 31 * 86_400 + 1],
    ['400 days', 400 * 24 * HOUR, 400 * 86_400 + 1],
  ])('makes memcached keep a session for %s and little more', async (_, life, seconds) => {
    await engine.create('id', record('{}', Date.now() + life))
    const left = Number(/^HD t(\S+)/.exec(await tell(server.name, 'mg session:id t'))?.[1])
    // A second may have passed. An absolute time counts by memcached's clock, which may be two seconds behind.
    expect(left).toBeGreaterThanOrEqual(seconds - 1)
    expect(left).toBeLessThanOrEqual(seconds + 2)
  })

  it('makes memcached keep a session for good if it cannot represent the deadline', async () => {
    const expiresAt = Date.UTC(2099, 0)
    await engine.create('id', record('{}', expiresAt))
    expect(await tell(server.name, 'mg session:id t')).toBe('HD t-1\r\n')
    expect((await engine.load('id'))?.expiresAt).toBe(expiresAt)
  })

  describe('goes by the deadline in the item, to the millisecond, while memcached still has it:', () => {
    const LIFE = 60_000

    /** Creates a session, moves the clock to its deadline, and returns its version. */
    const expired = async (id: string): Promise<string> => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
      const version = versionOf(await engine.create(id, record('old', Date.now() + LIFE)))
      vi.setSystemTime(Date.now() + LIFE - 1)
      expect((await engine.load(id))?.data).toBe('old')
      vi.setSystemTime(Date.now() + 1)
      expect(await client.metaGet(`session:${id}`, 1000)).toBeDefined()
      return version
    }

    it('load and exists find nothing', async () => {
      await expired('id')
      expect(await engine.load('id')).toBeUndefined()
      expect(await engine.exists('id')).toBe(false)
    })

    it('create replaces an expired item', async () => {
      await expired('id')
      const created = await engine.create('id', record('new'))
      expect(created.status).toBe('saved')
      expect(await engine.load('id')).toMatchObject({ data: 'new', version: versionOf(created) })
    })

    it('one of many concurrent creates replaces an expired item', async () => {
      await expired('id')
      const created = await Promise.all(
        Array.from({ length: 100 }, async (_, index) => engine.create('id', record(`${index}`))),
      )
      expect(created.filter(({ status }) => status === 'saved')).toHaveLength(1)
    })

    describe.each(['save', 'touch', 'delete'] as const)('%s finds nothing', (call) => {
      it('by its version', async () => {
        const version = await expired('id')
        expect(await answerOf(engine, call, version)).toBe('missing')
        expect(await engine.exists('id')).toBe(false)
      })

      it('without a version', async () => {
        await expired('id')
        expect(await answerOf(engine, call)).toBe('missing')
        expect(await engine.exists('id')).toBe(false)
      })

      it('by an old version', async () => {
        const old = versionOf(await engine.create('id', record('older')))
        await engine.delete('id')
        await expired('id')
        expect(await answerOf(engine, call, old)).toBe('missing')
        expect(await engine.exists('id')).toBe(false)
      })
    })

    it.each(['save', 'touch', 'delete'] as const)(
      '%s leaves a later session alone',
      async (call) => {
        const version = await expired('id')
        await engine.create('id', record('new'))
        expect(await answerOf(engine, call, version)).toBe('conflict')
        expect((await engine.load('id'))?.data).toBe('new')
      },
    )
  })

  it.each([Date.now() - 1, 1, 0, -1, -8.64e15])(
    'deletes a session that is stored with the past deadline %d',
    async (past) => {
      expect((await engine.create('created', record('{}', past))).status).toBe('saved')
      for (const id of ['saved', 'known']) {
        const version = versionOf(await engine.create(id, record('{}')))
        const saved = await engine.save(
          id,
          record('{}', past),
          id === 'known' ? version : undefined,
        )
        expect(saved.status).toBe('saved')
      }
      for (const id of ['created', 'saved', 'known']) {
        expect(await client.metaGet(`session:${id}`, 1000), id).toBeUndefined()
      }
    },
  )

  it('keeps sessions under different prefixes apart', async () => {
    const other = memcachedEngine(client, { keyPrefix: 'other:' })
    await engine.create('id', record('one'))
    await other.create('id', record('other'))
    expect((await engine.load('id'))?.data).toBe('one')
    expect((await other.load('id'))?.data).toBe('other')
  })

  it('rejects an id that makes the key too long or empty', async () => {
    const bare = memcachedEngine(client, { keyPrefix: '' })
    expect((await bare.create('x'.repeat(250), record('{}'))).status).toBe('saved')
    const tooLong = "memcached's keys have 1 to 250 bytes, but this one has"
    await expect(bare.load('x'.repeat(251))).rejects.toThrow(`${tooLong} 251`)
    await expect(bare.create('\u{1f511}'.repeat(21), record('{}'))).rejects.toThrow(tooLong)
    await expect(bare.delete('')).rejects.toThrow(`${tooLong} 0`)
  })
})

/** What a call on the session `id` answers. */
async function answerOf(
  engine: MemcachedEngine,
  call: 'save' | 'touch' | 'delete',
  version?: string,
): Promise<string> {
  if (call === 'delete') return engine.delete('id', version)
  return (await engine[call]('id', record('new'), version)).status
}

function versionOf(answer: { status: string; version?: string }): string {
  return answer.version ?? 'none'
}

/** An engine whose first read of an item is followed by something else. */
function interrupted(client: ConnectedClient, something: () => unknown): MemcachedEngine {
  let looks = 0
  return memcachedEngine({
    ...client,
    async metaGet(key, timeout) {
      const item = await client.metaGet(key, timeout)
      looks += 1
      if (looks === 1) await something()
      return item
    },
  })
}
